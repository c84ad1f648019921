using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.Search;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>The log as auditors read it: every event, found by what is written on it.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder v1) => v1.MapGet("/ops/events", List)
        .Admits(Role.Operator, Role.Auditor).WithTags("Audit 审计")
        .WithSummary("Find events, or follow the log 事件查询")
        .WithDescription("from and to are a position (12345), a moment (2026-11-21T18:00:00+08:00), a day "
            + "(2026-11-21), start or now; both count. type is the beginning of a type's name. A page may hold fewer "
            + "events than limit, or none, and still have a next_cursor: one request looks at a bounded number of "
            + "events. With wait, in seconds, a request waits for events that have not come yet, and always has a "
            + "next_cursor until to is reached: so the log is followed without a loss.")
        .Produces<EventPage>();

    private static async Task<IResult> List(
        [AsParameters] EventQuestion question, IEventLog log, IEventSearch search, EventCodec codec, Cursors cursors,
        IHostApplicationLifetime life, Caller caller, KeyRing ring, CancellationToken cancellation)
    {
        var head = await log.Head(cancellation);
        if (Begins(question, cursors, head) is not var (at, now))
            return new Problem("cursor_invalid", "Give back next_cursor as it came, with the same filter.");
        var (filter, problem) = question.Filter(head, now);
        if (problem is not null)
            return problem;
        filter = await log.Narrowed(filter, cancellation);
        var found = question.IsForwards
            ? await search.After(at, filter, question.Count, cancellation)
            : await search.Before(at, filter, question.Count, cancellation);
        if (question.Wait is { } seconds)
        {
            found = await Awaited(found, seconds);
            if (await ring.Find(caller.KeyId, cancellation) is not { Revoked: false })
                return new Problem("key_revoked", caller.KeyId);
        }

        var isEnd = found.IsWhole && (question.Wait is null || found.Reached >= filter.ToPosition);
        return PageOf(found, head, codec, isEnd ? null : cursors.Write((found.Reached, now), question.Bound));

        async Task<FoundEvents> Awaited(FoundEvents none, int seconds)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, life.ApplicationStopping);
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
            try
            {
                while (none is { Events.Count: 0, IsWhole: true } && none.Reached < filter.ToPosition)
                {
                    await log.WaitPast(none.Reached, stop.Token);
                    stop.Token.ThrowIfCancellationRequested();
                    none = await search.After(none.Reached, filter, question.Count, stop.Token);
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Nothing has come: whoever asks goes on from the same place.
            }

            return none;
        }
    }

    private static IResult PageOf(FoundEvents found, long head, EventCodec codec, string? nextCursor) =>
        Results.Ok(new EventPage(
            [.. found.Events.Select(one => EventView.Of(one, codec))], found.Reached,
            found.Events.Select(one => one.Position).Append(head).Max(), nextCursor));

    private static (long At, long Now)? Begins(EventQuestion question, Cursors cursors, long head) =>
        question.Cursor is { } cursor
            ? cursors.ReadPair(cursor, question.Bound)
            : (question.IsForwards ? -1 : long.MaxValue, head);
}
