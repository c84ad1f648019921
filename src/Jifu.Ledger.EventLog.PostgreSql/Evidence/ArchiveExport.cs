using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Asks for an archive.</summary>
/// <param name="Kind"><c>all</c>, <c>range</c>, <c>day</c> or <c>stream</c>.</param>
/// <param name="From">For a range: its first position.</param>
/// <param name="To">For a range: its last position; as far as there are events.</param>
public sealed record ExportRequest(
    string Kind, string? Stream = null, BusinessDay? Day = null, long From = 0, long To = long.MaxValue);

/// <summary>What an archive will hold.</summary>
/// <param name="Count">How many events.</param>
/// <param name="Checkpoints">Those that lie in it, oldest first; the last is what its proofs lead to.</param>
public sealed record ExportPlan(
    Guid Log, ArchiveScope Scope, long First, long Last, long Count, IReadOnlyList<SignedCheckpoint> Checkpoints);

/// <summary>Writes parts of the log as archives that prove themselves, straight from the database.</summary>
public sealed class ArchiveExport(
    StoredLog log, CheckpointBook book, Notary notary, Func<SigningKey> key, TimeProvider time)
{
    /// <summary>Takes a checkpoint, and looks what there is to write.</summary>
    /// <remarks>What a stream or a day lacks shows nowhere in their archive, and nobody wants to sign an altered one of
    /// everything. So the whole log is hashed first, some seconds for each million events. A range shows by itself
    /// what is not as it was written; only its own events are hashed, so that what is whole of an altered log can
    /// still be had.</remarks>
    /// <returns>Null when nothing is recorded there.</returns>
    /// <exception cref="LogAlteredException">The log, or the range, is not what was written: an archive that ended
    /// before would pass for all there is.</exception>
    public async Task<ExportPlan?> Plan(ExportRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await notary.Take("export", onlyNews: true, cancellation) is not { } anchor)
            return null;
        var end = anchor.Checkpoint.Position;
        var (first, last) = request.Kind == "range" ? (request.From, Math.Min(request.To, end)) : (0, end);
        var count = last - first + 1;
        if (count <= 0)
            return null;
        if (request.Kind == "range")
        {
            await ExportScan.RunRange(log, first, last, anchor.Checkpoint, cancellation);
        }
        else
        {
            var found = new ExportScan(request);
            await found.Run(log, anchor.Checkpoint, cancellation);
            (first, last, count) = (found.First, found.Last, found.Count);
        }

        if (count == 0)
            return null;
        var checkpoints = request.Kind == "stream" ? [] : await Between(first, last, anchor, cancellation);
        var scope = new ArchiveScope(request.Kind, request.Stream, request.Day is { } day ? $"{day}" : null);
        return new(await log.Id(cancellation), scope, first, last, count, [.. checkpoints, anchor]);
    }

    /// <summary>Writes the archive; the stream need not be able to seek.</summary>
    /// <exception cref="LogAlteredException">Events have gone since it was planned. It is not signed.</exception>
    public async Task Write(ExportPlan plan, Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var anchor = plan.Checkpoints[^1].Checkpoint;
        var index = new BatchIndex(log);
        await index.Load(anchor.Position, cancellation);
        await using var writer = await ArchiveWriter.Begin(stream, time.GetUtcNow(), cancellation);
        var isStream = plan.Scope.Kind == "stream";
        var rows = isStream
            ? log.Stream(plan.Scope.Stream!, plan.Last, cancellation)
            : log.Events(plan.First, plan.Last, cancellation);
        var events = await writer.Events(file => Write(file, rows, index, isStream, cancellation), cancellation);
        if (events.Count != plan.Count)
            throw new LogAlteredException(new(
                FindingKind.EventMissing, null, null,
                $"{plan.Count} events were to be exported, and {events.Count} are there."));
        await writer.Batches(
            isStream ? AsyncEnumerable.Empty<EventBatch>() : log.Batches(plan.First, plan.Last, cancellation),
            cancellation);
        await writer.Checkpoints(plan.Checkpoints, await Keys(cancellation), cancellation);
        await writer.End(plan.Log, plan.Scope, events, anchor, key(), cancellation);
    }

    // A stream's events stand in the log with others between them: each run of neighbours is proved by itself.
    private async Task Write(
        ArchiveEvents file, IAsyncEnumerable<StoredEvent> rows, BatchIndex index, bool inRuns,
        CancellationToken cancellation)
    {
        var link = new EventLink();
        StoredEvent? last = null;
        await foreach (var row in rows)
        {
            if (last is null || (inRuns && row.Position != last.Position + 1))
            {
                if (last is not null)
                    file.End(await index.Prove(last.Position, cancellation));
                file.Begin(row.Position, await log.Link(row.Position - 1, cancellation));
            }

            row.Extend(link);
            await file.Add(row.Position, row.Link, link.Fields, cancellation);
            last = row;
        }

        if (last is not null)
            file.End(await index.Prove(last.Position, cancellation));
    }

    private async Task<IEnumerable<SignedCheckpoint>> Between(
        long first, long last, SignedCheckpoint anchor, CancellationToken cancellation) =>
        (await book.Between(first, last, cancellation)).Select(Notary.Read)
            .Where(one => one.ToString() != anchor.ToString());

    private async Task<IReadOnlyList<EvidenceKey>> Keys(CancellationToken cancellation)
    {
        var (keys, current) = (await book.Keys(cancellation), key().Public);
        return keys.Any(one => one.Id == current.Id) ? keys : [.. keys, current];
    }
}
