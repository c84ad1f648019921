namespace Jifu.Ledger.EventLog.Search;

/// <summary>Finds events in any log by reading it page by page and looking at each event.</summary>
/// <param name="log">Where to look.</param>
/// <param name="eventsMax">The most events that one search looks at.</param>
public sealed class EventScan(IEventLog log, int eventsMax = 50_000) : IEventSearch
{
    private const int PageMax = 2_000;

    public async Task<FoundEvents> After(
        long position, EventFilter filter, int countMax, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var reached = Math.Max(position, filter.FromPosition - 1);
        var found = new List<RecordedEvent>();
        for (var seen = 0; seen < eventsMax;)
        {
            var page = await log.ReadAll(reached, PageMax, cancellation);
            foreach (var recorded in page)
            {
                if (recorded.Position > filter.ToPosition)
                    return new(found, filter.ToPosition, true);
                reached = recorded.Position;
                if (filter.Matches(recorded))
                    found.Add(recorded);
                if (found.Count == countMax)
                    return new(found, reached, false);
            }

            // A short page need not be the last.
            seen += page.Count;
            if (page.Count == 0)
                return new(found, reached, true);
        }

        return new(found, reached, false);
    }

    /// <inheritdoc/>
    /// <remarks>A log is read forwards, so this goes back in steps, each read forwards. Where events are rare among
    /// the positions the steps grow.</remarks>
    public async Task<FoundEvents> Before(
        long position, EventFilter filter, int countMax, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var head = await log.Head(cancellation);
        var before = Math.Min(Math.Min(position, head + 1), filter.ToPosition < long.MaxValue
            ? filter.ToPosition + 1
            : long.MaxValue);
        var found = new List<RecordedEvent>();
        long width = PageMax;
        for (var seen = 0; seen < eventsMax && before > filter.FromPosition; width *= 2)
        {
            var from = Math.Max(before - width, filter.FromPosition);
            var (page, count) = await Between(from, before, filter, cancellation);
            page.Reverse();
            var wanted = countMax - found.Count;
            found.AddRange(page.Take(wanted));
            if (page.Count >= wanted)
                return new(found, found[^1].Position, found[^1].Position <= filter.FromPosition);
            (before, seen) = (from, seen + count);
        }

        return new(found, before, before <= filter.FromPosition);
    }

    private async Task<(List<RecordedEvent> Found, int Seen)> Between(
        long from, long before, EventFilter filter, CancellationToken cancellation)
    {
        var (found, seen, reached) = (new List<RecordedEvent>(), 0, from - 1);
        while (true)
        {
            var page = await log.ReadAll(reached, PageMax, cancellation);
            found.AddRange(page.Where(recorded => recorded.Position < before && filter.Matches(recorded)));
            seen += page.Count;
            if (page.Count == 0 || page[^1].Position >= before - 1)
                return (found, seen);
            reached = page[^1].Position;
        }
    }
}
