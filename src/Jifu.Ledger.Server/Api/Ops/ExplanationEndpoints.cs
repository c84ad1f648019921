using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Reconciliation.Statements;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>An explanation of lines that waits for another person's approval.</summary>
/// <param name="Id">By which it is approved or rejected.</param>
/// <param name="To">What the lines are besides; empty when they are nothing that we expected.</param>
/// <param name="AmountMinor">What they are beyond that, positive came in.</param>
/// <param name="As">The account to which that is booked.</param>
/// <param name="Warning">Why to look twice before approving it; absent when it looks as usual.</param>
internal sealed record ExplanationView(
    string Id, string Account, IReadOnlyList<string> Lines, IReadOnlyList<string> To, string Currency, long AmountMinor,
    string As, string Reason, string ProposedBy, DateTimeOffset ProposedAt, ExplanationDoubt? Warning)
{
    public static async Task<IReadOnlyList<ExplanationView>> Of(
        BankExplanations explanations, IReadOnlyList<StatementEvent.ExplanationProposed> waiting,
        CancellationToken cancellation)
    {
        var doubts = await explanations.Doubts(waiting, cancellation);
        return [.. waiting.Select(one => new ExplanationView(
            one.Id, one.Account, [.. one.Lines], [.. one.To], $"{one.Amount.Currency}", one.Amount.MinorUnits,
            $"{one.As}", one.Reason, one.By, one.At, doubts.GetValueOrDefault(one.Id)))];
    }
}

/// <summary>What lines of the bank are beyond what we expected (银行流水说明): one proposes it, another approves.</summary>
internal static class ExplanationEndpoints
{
    public static void MapExplanations(this RouteGroupBuilder bank)
    {
        bank.MapPost("/{account}/lines/{line}/explain", Propose).Admits(Role.Operator)
            .WithSummary("Propose the account of what a line is beyond what we expected 说明流水差额")
            .Produces<ExplanationView>();
        bank.MapGet("/explanations", Waiting).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Explanations that wait for another person's approval 待批准的说明")
            .Produces<IReadOnlyList<ExplanationView>>();
        bank.MapPost("/explanations/{id}/approve", Approve).Admits(Role.Operator)
            .WithSummary("Approve an explanation, another person than who proposed it 批准说明")
            .Produces(StatusCodes.Status204NoContent);
        bank.MapPost("/explanations/{id}/reject", Reject).Admits(Role.Operator)
            .WithSummary("Reject or withdraw an explanation 驳回说明").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IReadOnlyList<ExplanationView>> Waiting(
        BankExplanations explanations, CancellationToken cancellation) =>
        await ExplanationView.Of(explanations, await explanations.Open(cancellation), cancellation);

    private static async Task<IResult> Propose(
        string account, string line, [FromQuery] string[] to, [FromQuery] string[] with, string @as, string reason,
        Caller caller, BankExplanations explanations, HttpContext context)
    {
        if (BankEndpoints.Unsaid(account, line, to, with) is { } problem)
            return problem;
        if (!IsReason(reason))
            return NoReason;
        if (!Account.TryParse(@as, out var known))
            return new Problem("statement_account_not_admitted", @as);
        var (proposed, refusal) = await explanations.Propose(
            account, [line, .. with], to, known, reason, caller.Metadata(context), context.RequestAborted);
        return proposed is null
            ? Problem.Of(refusal!)
            : Results.Ok((await ExplanationView.Of(explanations, [proposed], context.RequestAborted))[0]);
    }

    private static async Task<IResult> Approve(
        string id, Caller caller, BankExplanations explanations, HttpContext context)
    {
        var refusal = await explanations.Approve(id, caller.Metadata(context), context.RequestAborted);
        return refusal is null ? Results.NoContent() : Problem.Of(refusal);
    }

    private static async Task<IResult> Reject(
        string id, string reason, Caller caller, BankExplanations explanations, HttpContext context)
    {
        if (!IsReason(reason))
            return NoReason;
        var refusal = await explanations.Reject(id, reason, caller.Metadata(context), context.RequestAborted);
        return refusal is null ? Results.NoContent() : Problem.Of(refusal);
    }

    internal static readonly Problem NoReason = new("parameter_invalid", "reason has 1 to 200 characters.");

    internal static bool IsReason(string reason) =>
        !string.IsNullOrWhiteSpace(reason) && reason.Length <= 200 && !reason.Any(char.IsControl);
}
