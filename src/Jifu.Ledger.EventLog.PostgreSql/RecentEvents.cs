using System.Diagnostics.CodeAnalysis;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The newest events that this process has committed, as far as they follow each other without another's in
/// between: so that whoever follows the log need not ask the database for them.</summary>
/// <remarks>It never knows what another process wrote after them, so it cannot say that there is no more.</remarks>
internal sealed class RecentEvents(int eventsMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<EventRows> _batches = [];
    private int _count;
    private long _bytes;

    /// <summary>Adds what was committed. Two threads may tell of two batches the other way round.</summary>
    public void Add(EventRows rows)
    {
        lock (_lock)
        {
            if (_batches.Last is { Value: var last } && rows.Before.Position > last.Head.Position)
                Forget();
            if (rows.Count == 0)
                return;
            if (_batches.Last is null || rows.Before.Position == _batches.Last.Value.Head.Position)
                _batches.AddLast(rows);
            else if (rows.Head.Position == _batches.First!.Value.Before.Position)
                _batches.AddFirst(rows);
            else
                return;
            (_count, _bytes) = (_count + rows.Count, _bytes + rows.Bytes);
            while (_count > eventsMax || _bytes > bytesMax)
                ForgetFirst();
        }
    }

    /// <summary>The events after a position; none is missing between them.</summary>
    /// <returns>False when the first of them is not here, or when more are asked for than this ever holds.</returns>
    public bool TryRead(
        long afterPosition, int countMax, [NotNullWhen(true)] out IReadOnlyList<RecordedEvent>? events)
    {
        events = null;
        if (countMax > eventsMax)
            return false;
        List<EventRows> batches;
        lock (_lock)
        {
            if (_batches.First is null || afterPosition < _batches.First.Value.Before.Position
                || afterPosition >= _batches.Last!.Value.Head.Position)
                return false;
            batches = Batches(afterPosition, afterPosition + countMax);
        }

        var page = new List<RecordedEvent>(Math.Min(countMax, batches.Sum(rows => rows.Count)));
        foreach (var rows in batches)
        {
            var skip = (int)Math.Max(afterPosition - rows.Before.Position, 0);
            var take = Math.Min(rows.Count - skip, countMax - page.Count);
            for (var row = skip; row < skip + take; row++)
                page.Add(rows.Recorded(row));
        }

        events = page;
        return true;
    }

    // From the end: whoever follows is near it.
    private List<EventRows> Batches(long afterPosition, long upToPosition)
    {
        var batches = new List<EventRows>();
        for (var node = _batches.Last; node is not null && node.Value.Head.Position > afterPosition;
            node = node.Previous)
        {
            if (node.Value.Before.Position < upToPosition)
                batches.Add(node.Value);
        }

        batches.Reverse();
        return batches;
    }

    private void ForgetFirst()
    {
        var first = _batches.First!.Value;
        _batches.RemoveFirst();
        (_count, _bytes) = (_count - first.Count, _bytes - first.Bytes);
    }

    private void Forget()
    {
        _batches.Clear();
        (_count, _bytes) = (0, 0);
    }
}
