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

    public async Task<FoundEvents> Before(
        long position, EventFilter filter, int countMax, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var before = filter.ToPosition < long.MaxValue ? Math.Min(position, filter.ToPosition + 1) : position;
        var found = new List<RecordedEvent>();
        var size = Math.Min(countMax, PageMax);
        for (var seen = 0; seen < eventsMax && before > filter.FromPosition;)
        {
            var page = await log.ReadAllBackwards(before, size, cancellation);
            foreach (var recorded in page)
            {
                if (recorded.Position < filter.FromPosition)
                    return new(found, filter.FromPosition, true);
                before = recorded.Position;
                if (filter.Matches(recorded))
                    found.Add(recorded);
                if (found.Count == countMax)
                    return new(found, before, before <= filter.FromPosition);
            }

            seen += page.Count;
            if (page.Count == 0)
                return new(found, filter.FromPosition, true);

            // Who wants the newest few has them at once; what is rare is looked for in large pages.
            size = Math.Min(2 * size, PageMax);
        }

        return new(found, before, before <= filter.FromPosition);
    }
}
