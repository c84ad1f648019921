namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Where the log and its streams will end once the batches under way are committed. For whoever has the
/// sequencer's turn.</summary>
/// <remarks>
/// It only ever guesses well: each batch says where it believes the log to end, and the database writes nothing when
/// that is wrong. So a batch may be planned, and its rows sent, upon one that is not committed yet; when that one
/// fails, both do.
/// </remarks>
internal sealed class PlannedHeads(int countMax, TimeProvider time)
{
    private readonly StreamHeads _heads = new(countMax);
    private LogHead _head;
    private BatchFate? _last;
    private long _committed = long.MinValue;
    private volatile bool _trusted;

    /// <summary>Places a batch behind those under way, from memory.</summary>
    /// <returns>Null when memory does not suffice: another node writes too, a batch has failed, or some append is
    /// behind its stream's head, which only the database can tell from a repeat, or none is at it.</returns>
    public AppendBatch? Plan(IReadOnlyList<PendingAppend> appends, BatchWriter writer)
    {
        if (!_trusted)
            return null;

        // Streams that we do not remember are looked up without the lock: should another node write in between, the log
        // no longer ends where we left it, and the insert writes nothing. Those that should be new are taken at their
        // word: the unique index knows better.
        var heads = new Dictionary<string, long>(appends.Count, StringComparer.Ordinal);
        HashSet<string>? unknown = null;
        foreach (var append in appends)
        {
            if (_heads.TryGet(append.Stream, out var version))
                heads[append.Stream] = version;
            else if (append.ExpectedVersion == -1)
                heads.TryAdd(append.Stream, -1);
            else
                (unknown ??= new(StringComparer.Ordinal)).Add(append.Stream);
        }

        if (unknown is not null)
            writer.ReadHeads([.. unknown], heads);
        var batch = new AppendBatch(appends, _last);
        batch.Place(_head, heads);
        if (batch.HasBehind || batch.WritesNothing)
            return null;

        // Hashing takes its time here, while the database is busy with the batch before.
        batch.Seal(_head, time.GetUtcNow());
        Keep(batch);
        _last = batch.Fate;
        return batch;
    }

    /// <summary>Takes over what the database said, under the lock and with no batch under way.</summary>
    /// <returns>The batch.</returns>
    public AppendBatch Learn(AppendBatch batch)
    {
        // Memory serves as long as nobody else writes: else each batch would fail first.
        _heads.Clear();
        Keep(batch);
        _last = null;
        _trusted = batch.Rows.Before.Position == Interlocked.Read(ref _committed);
        Committed(batch);
        return batch;
    }

    /// <summary>From any thread: this batch is in the log, and so is all before it.</summary>
    public void Committed(AppendBatch batch)
    {
        long known;
        while ((known = Interlocked.Read(ref _committed)) < batch.Rows.Head.Position)
            Interlocked.CompareExchange(ref _committed, batch.Rows.Head.Position, known);
    }

    /// <summary>From any thread: a batch was not written, or nobody knows.</summary>
    public void Distrust() => _trusted = false;

    private void Keep(AppendBatch batch)
    {
        _head = batch.Rows.Head;
        foreach (var (stream, version) in batch.Heads)
            _heads.Set(stream, version);
    }
}
