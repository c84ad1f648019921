using Jifu.Ledger.EventLog.Search;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>Which events a request asks for, as its parameters say it.</summary>
/// <param name="From">The first position, moment or day that counts.</param>
/// <param name="To">The last position, moment or day that counts.</param>
/// <param name="Order"><c>asc</c>, oldest first, or <c>desc</c>.</param>
/// <param name="Wait">For how many seconds to wait for an event when there is none yet.</param>
internal readonly record struct EventQuestion(
    [FromQuery(Name = "stream")] string? Stream, [FromQuery(Name = "category")] string? Category,
    [FromQuery(Name = "type")] string? Type, [FromQuery(Name = "correlation")] string? Correlation,
    [FromQuery(Name = "from")] string? From, [FromQuery(Name = "to")] string? To,
    [FromQuery(Name = "order")] string? Order, [FromQuery(Name = "limit")] int? Limit,
    [FromQuery(Name = "cursor")] string? Cursor, [FromQuery(Name = "wait")] int? Wait)
{
    public const int WaitSecondsMax = 30;
    private const int LimitMax = 1000;

    public bool IsForwards => Order is null or "asc";
    public int Count => Limit ?? 100;

    /// <summary>What a cursor is bound to.</summary>
    public string Bound => $"events {Stream} {Category} {Type} {Correlation} {From} {To} {Order}";

    /// <summary>The filter, or what is wrong with the question.</summary>
    /// <param name="now">The newest event when the first page was asked for: what <c>now</c> means on every
    /// page.</param>
    public (EventFilter Filter, Problem? Problem) Filter(long head, long now)
    {
        var filter = new EventFilter(Stream, Category, Type, Correlation);
        if (Order is not (null or "asc" or "desc"))
            return (filter, LogPoints.Wrong("order", $"{Order} is neither asc nor desc."));
        if (Limit is < 1 or > LimitMax)
            return (filter, LogPoints.Wrong("limit", $"lies between 1 and {LimitMax}."));
        if (Wait is < 0 or > WaitSecondsMax || (Wait is not null && !IsForwards))
            return (filter, LogPoints.Wrong("wait", $"lies between 0 and {WaitSecondsMax}, in ascending order only."));
        if (Category is not null && (Category.Length == 0 || Category.Contains('-', StringComparison.Ordinal)))
            return (filter, LogPoints.Wrong("category", "is what stands before a stream's first hyphen."));
        if (Stream is not null && Stream.IndexOf('-', StringComparison.Ordinal) < 1)
            return (filter, LogPoints.Wrong("stream", $"{Stream} is no stream: it has no hyphen."));
        if ($"{Stream}{Category}{Type}{Correlation}".Contains('\0', StringComparison.Ordinal))
            return (filter, new("parameter_invalid", "No name holds a NUL."));
        (filter, var problem) = Starting(filter, head, now);
        if (problem is null)
            (filter, problem) = Ending(filter, head, now);
        return (filter, problem ?? (IsReversed(filter) ? LogPoints.Wrong("from", $"{From} is after to, {To}.") : null));
    }

    // What begins now has nothing yet, and may have an end all the same.
    private bool IsReversed(EventFilter filter) => From is not "now"
        && (filter.FromPosition > filter.ToPosition || filter.RecordedFrom >= filter.RecordedTo);

    private (EventFilter Filter, Problem? Problem) Starting(EventFilter filter, long head, long now) =>
        (From is null ? null : LogPoint.Parse(From), From) switch
        {
            (_, null) or (LogPoint.Start, _) => (filter, null),
            (LogPoint.Now, _) => (filter with { FromPosition = now + 1 }, null),
            (LogPoint.Position at, _) when at.Number > head && Wait is null =>
                (filter, LogPoints.Ahead("from", From, head)),
            (LogPoint.Position at, _) => (filter with { FromPosition = at.Number }, null),
            (LogPoint.Moment moment, _) => (filter with { RecordedFrom = moment.At }, null),
            (LogPoint.Day day, _) => (filter with { RecordedFrom = day.On.Start }, null),
            _ => (filter, NoPoint("from", From)),
        };

    private (EventFilter Filter, Problem? Problem) Ending(EventFilter filter, long head, long now) =>
        (To is null ? null : LogPoint.Parse(To), To) switch
        {
            (_, null) => (filter, null),
            (LogPoint.Start, _) => (filter with { ToPosition = -1 }, null),
            (LogPoint.Now, _) => (filter with { ToPosition = now }, null),
            (LogPoint.Position at, _) when at.Number > head && Wait is null =>
                (filter, LogPoints.Ahead("to", To, head)),
            (LogPoint.Position at, _) => (filter with { ToPosition = at.Number }, null),

            // The moment itself still counts, and the log keeps microseconds.
            (LogPoint.Moment moment, _) => (filter with { RecordedTo = moment.At.AddMicroseconds(1) }, null),
            (LogPoint.Day day, _) => (filter with { RecordedTo = day.On.Next.Start }, null),
            _ => (filter, NoPoint("to", To)),
        };

    private static Problem NoPoint(string parameter, string? text) => LogPoints.Wrong(
        parameter, $"{text} is neither a position, nor a moment with its offset, nor a day yyyy-MM-dd.");
}
