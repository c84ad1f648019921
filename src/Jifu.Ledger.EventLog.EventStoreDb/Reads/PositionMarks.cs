namespace Jifu.Ledger.EventLog.EventStoreDb.Reads;

/// <summary>Positions at which events stand, as far as they were seen. EventStoreDB reads from such a position only:
/// one between two events is an error to it.</summary>
internal sealed class PositionMarks
{
    private const int Max = 8_192;

    private readonly Lock _lock = new();
    private readonly SortedSet<long> _marks = [];

    public void Add(long position)
    {
        lock (_lock)
        {
            _marks.Add(position);
            if (_marks.Count <= Max)
                return;

            // Half of them serve as well, with twice the way between.
            var keep = true;
            _marks.RemoveWhere(_ => keep = !keep);
        }
    }

    public bool Holds(long position)
    {
        lock (_lock)
            return _marks.Contains(position);
    }

    /// <summary>The last mark at or before a position; -1 for none, which is the beginning.</summary>
    public long Before(long position)
    {
        lock (_lock)
            return position >= 0 && _marks.GetViewBetween(0, position) is { Count: > 0 } below ? below.Max : -1;
    }
}
