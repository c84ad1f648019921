namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Streams that were read to their end and have not been written to since, as far as this process knows: who
/// reads them again need not ask for their events.</summary>
/// <remarks>
/// It knows the log up to the last event that this process has committed, if nobody else has written since the stream
/// was read. Whether the log ends there, only the database can say.
/// </remarks>
internal sealed class QuietStreams(int countMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Mark> _marks = new(StringComparer.Ordinal);

    // Before its first event a log is known to the end of nothing, which every reader may rely on.
    private long _knownTo = -1;

    /// <summary>A stream that is being read, or was.</summary>
    internal sealed class Mark
    {
        /// <summary>The stream has no event after this version; null until it is read.</summary>
        public long? End { get; set; }
    }

    /// <summary>Up to here every event is known to have been ours, since anything was marked.</summary>
    public long KnownTo
    {
        get
        {
            lock (_lock)
                return _knownTo;
        }
    }

    /// <summary>To be called before a stream is read: what is written from now on takes the mark away.</summary>
    public Mark Watch(string stream)
    {
        var mark = new Mark();
        lock (_lock)
        {
            if (_marks.Count >= countMax)
                _marks.Clear();
            _marks[stream] = mark;
        }

        return mark;
    }

    /// <summary>The marked stream was read, and has no event after this version.</summary>
    public void Read(Mark mark, long version)
    {
        lock (_lock)
            mark.End = version;
    }

    /// <summary>True when the stream had no event after this version when it was read, and none of ours came
    /// since.</summary>
    public bool Holds(string stream, long version)
    {
        lock (_lock)
            return _marks.TryGetValue(stream, out var mark) && mark.End <= version;
    }

    /// <summary>Takes in what this process has committed, in the order of positions.</summary>
    public void Committed(EventRows rows)
    {
        lock (_lock)
        {
            if (rows.Before.Position != _knownTo)
                _marks.Clear();
            _knownTo = rows.Head.Position;
            if (_marks.Count == 0)
                return;
            foreach (var stream in rows.Stream)
                _marks.Remove(stream);
        }
    }
}
