namespace Jifu.Ledger.EventLog.Search;

/// <summary>Tells which positions belong to a moment, by halving the log: no index by time is needed, which would cost
/// each append something.</summary>
public static class LogTime
{
    /// <summary>How far times in a log may stand against its order for a search by time to be exact. The embedded log
    /// never records a time before that of the event it follows; a cluster's nodes have a clock each.</summary>
    public static readonly TimeSpan ClockErrorMax = TimeSpan.FromMinutes(15);

    /// <summary>True for a year that may be asked for: at the calendar's ends a day has no start or no end.</summary>
    public static bool HasYear(int year) => year is >= 1900 and <= 9000;

    /// <summary>The position of the last event recorded at a moment or before it; -1 when there is none.</summary>
    /// <remarks>Where clocks differed, one that stands before some others recorded before the moment.</remarks>
    public static async Task<long> PositionAt(this IEventLog log, DateTimeOffset moment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(log);
        var (before, after) = (-1L, await log.Head(cancellation) + 1);
        while (after - before > 1)
        {
            var middle = before + ((after - before) / 2);
            if (await log.Stored.ReadAll(middle - 1, 1, cancellation) is not [var next, ..] || next.RecordedAt > moment)
                after = middle;
            else
                before = Math.Max(middle, Math.Min(next.Position, after - 1));
        }

        return before;
    }

    /// <summary>Narrows a filter's positions to where events of its time can stand, with room for clocks that
    /// differed.</summary>
    public static async Task<EventFilter> Narrowed(
        this IEventLog log, EventFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.RecordedFrom is { } from)
        {
            var last = await log.PositionAt(Later(from, -ClockErrorMax), cancellation);
            filter = filter with { FromPosition = Math.Max(filter.FromPosition, last + 1) };
        }

        // Whoever follows the log still gets what comes when the end of the time is not reached.
        if (filter.RecordedTo is { } to && await log.PositionAt(Later(to, ClockErrorMax), cancellation) is var end
            && end < await log.Head(cancellation))
            filter = filter with { ToPosition = Math.Min(filter.ToPosition, end) };
        return filter;
    }

    private static DateTimeOffset Later(DateTimeOffset moment, TimeSpan by) =>
        by < TimeSpan.Zero && moment - DateTimeOffset.MinValue < -by ? DateTimeOffset.MinValue
        : by > TimeSpan.Zero && DateTimeOffset.MaxValue - moment < by ? DateTimeOffset.MaxValue
        : moment + by;
}
