using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Days;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Settlement;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Evidence;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>What an operator starts by hand; the schedule starts the same. Every run is safe to repeat.</summary>
internal static class OpsEndpoints
{
    public static void MapOps(this IEndpointRouteBuilder v1)
    {
        var ops = v1.MapGroup("/ops").WithTags("Operations 运营");
        ops.MapPost("/clearing", Clear).Admits(Role.Operator)
            .WithSummary("Clear a day (T+1), or today so far (T+0) 清分").Produces<ClearingView>();
        ops.MapPost("/days/{day}/close", Close).Admits(Role.Operator)
            .WithSummary("Clear, pay out and reconcile a day 日切")
            .WithDescription("Accept_differences says why the day is closed although differences of it are open; "
                + "they stay open. Unexplained tells how many and how much, and by whose word.").Produces<DayView>();
        ops.MapPost("/settlements/{settlement_id}/send", SendAgain).Admits(Role.Operator)
            .WithSummary("Send a payout again after the bank refused it 重新出款").Produces<SettlementState>();
        ops.MapPost("/chase", Chase).Admits(Role.Operator)
            .WithSummary("Ask about everything that has no end yet 追单").Produces<ChaseView>();
        ops.MapGet("/days/{day}/journal", Journal).Admits(Role.Operator, Role.Auditor)
            .WithSummary("What each rule moved on each account in a day 科目汇总").Produces<IReadOnlyList<RuleSum>>();
    }

    private static async Task<IResult> Clear(
        JsonBody<ClearingRequest> body, Caller caller, ClearingRun run, ChannelDirectory channels,
        HttpContext context)
    {
        var (asked, metadata) = (body.Value, caller.Metadata(context));
        if (channels.Find(asked.Channel) is null)
            return Problem.Of(ChannelDirectory.NotConnected(asked.Channel));
        if (asked.Term == SettlementTerm.T1 && asked.Day is null)
            return new Problem("field_missing", "$.day: a T+1 run is of a day");
        if (asked.Run is < 1)
            return new Problem("field_invalid", "$.run: runs are counted from 1");
        var report = asked.Term == SettlementTerm.T1
            ? await run.ClearDay(asked.Channel, asked.Day!.Value, metadata, context.RequestAborted)
            : await run.ClearNow(asked.Channel, asked.Run, metadata, context.RequestAborted);
        return report.Refusal is { } refusal ? Problem.Of(refusal) : Results.Ok(ClearingView.Of(report));
    }

    private static async Task<IResult> Close(
        string day, string? accept_differences, Caller caller, DayClose close, DaySeal seal, HttpContext context)
    {
        if (!BusinessDay.TryParse(day, out var known))
            return NoDay(day);
        if (accept_differences is { } reason
            && (string.IsNullOrWhiteSpace(reason) || reason.Length > 200 || reason.Any(char.IsControl)))
            return new Problem("parameter_invalid", "accept_differences is a reason of 1 to 200 characters.");
        var report = await close.Close(
            known, accept_differences, caller.Metadata(context), context.RequestAborted);
        await seal.Seal(report, context.RequestAborted);
        return Results.Ok(DayView.Of(report));
    }

    private static async Task<IResult> SendAgain(
        string settlement_id, Caller caller, SettlementDesk desk, HttpContext context)
    {
        var settled = await desk.Send(new(settlement_id), caller.Metadata(context), context.RequestAborted);
        return settled.Refusal is { } refusal
            ? Problem.Of(refusal)
            : Results.Ok(new SettlementState(settlement_id, SnakeCase.Of(settled.Order.GetType().Name), null));
    }

    private static async Task<ChaseView> Chase(
        Caller caller, OutcomeChase chase, Projector views, HttpContext context)
    {
        await views.WaitForHead(context.RequestAborted);
        return new(await chase.Run(true, caller.Metadata(context), context.RequestAborted));
    }

    private static async Task<IResult> Journal(string day, JournalQueries journal, CancellationToken cancellation) =>
        BusinessDay.TryParse(day, out var known)
            ? Results.Ok(await journal.DaySums(known, cancellation))
            : NoDay(day);

    public static Problem NoDay(string day) => new("parameter_invalid", $"{day} is no day; write yyyy-MM-dd.");
}

/// <summary>What a chase did.</summary>
/// <param name="Asked">How many questions it asked.</param>
internal sealed record ChaseView(int Asked);
