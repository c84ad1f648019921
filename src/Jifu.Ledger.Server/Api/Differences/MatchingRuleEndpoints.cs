using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Rules;
using Jifu.Ledger.Reconciliation.Rules;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Differences;

/// <summary>The rules of finance (匹配规则): written by one, approved by another, tried on past days.</summary>
internal static class MatchingRuleEndpoints
{
    public static void MapMatchingRules(this IEndpointRouteBuilder v1)
    {
        var ops = v1.MapGroup("/ops/matching-rules").WithTags("Differences 差异处理");
        ops.MapGet("", List).Admits(Role.Operator, Role.Auditor)
            .WithSummary("The rules of finance 匹配规则").Produces<IReadOnlyList<RuleView>>();
        ops.MapPost("/test", Test).Admits(Role.Operator, Role.Auditor)
            .WithSummary("What a rule would have matched on past days 规则试算")
            .WithDescription(
                "Of the differences as they were found, whatever became of them; and which lines it leaves to people, "
                + "because two sets of lines would do as well. Changes nothing.")
            .Produces<RuleFindingsView>();
        ops.MapPut("/{rule}", Propose).Admits(Role.Operator)
            .WithSummary("Propose what a rule should say 提议规则").Produces<RuleView>();
        ops.MapPost("/{rule}/approvals", Approve).Admits(Role.Operator)
            .WithSummary("Approve a version that another key proposed 批准规则").Produces<RuleView>();
        ops.MapPost("/{rule}/rejections", Reject).Admits(Role.Operator)
            .WithSummary("Reject a version 驳回规则").Produces<RuleView>();
        ops.MapPost("/{rule}/retirement", Retire).Admits(Role.Operator)
            .WithSummary("Let a rule work no longer 停用规则").Produces<RuleView>();
    }

    private static async Task<IReadOnlyList<RuleView>> List(
        MatchingRuleQueries queries, Projector views, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        return [.. (await queries.All(cancellation)).Select(RuleView.Of)];
    }

    private static async Task<IResult> Test(
        JsonBody<RuleTestRequest> body, MatchingRuleDesk desk, CancellationToken cancellation)
    {
        var (asked, terms) = (body.Value, body.Value.Rule.Terms);
        if (Invalid(terms) is { } invalid)
            return invalid;
        if (asked.To < asked.From || asked.To.Date.DayNumber - asked.From.Date.DayNumber > 400)
            return new Problem("field_invalid", "$.to: a day not before from, at most 400 days after it");
        return Results.Ok(RuleFindingsView.Of(await desk.Test(terms, asked.From, asked.To, cancellation)));
    }

    private static async Task<IResult> Propose(
        string rule, JsonBody<RuleRequest> body, Caller caller, MatchingRuleDesk desk, MatchingRuleQueries queries,
        Projector views, HttpContext context)
    {
        if (rule.Length > 64 || !rule.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            return new Problem("parameter_invalid", "A rule's id has 1 to 64 letters, digits, - and _.");
        return DifferenceEndpoints.NoReason(body.Value.Reason) ?? Invalid(body.Value.Rule.Terms) ?? await Answer(
            rule, await desk.Propose(
                rule, body.Value.Rule.Terms, body.Value.Reason, caller.Metadata(context), context.RequestAborted),
            queries, views, context);
    }

    private static Problem? Invalid(MatchingTerms terms) => terms.Fault is { } fault
        ? Problem.Of([new($"$.rule{(fault.Field.Length > 0 ? "." : "")}{fault.Field}", "rule_invalid",
            $"{fault.Expected} is expected")])
        : null;

    private static async Task<IResult> Approve(
        string rule, JsonBody<RuleApprovalRequest> body, Caller caller, MatchingRuleDesk desk,
        MatchingRuleQueries queries, Projector views, HttpContext context) => await Answer(
            rule, await desk.Approve(rule, body.Value.Version, caller.Metadata(context), context.RequestAborted),
            queries, views, context);

    private static async Task<IResult> Reject(
        string rule, JsonBody<RuleRejectionRequest> body, Caller caller, MatchingRuleDesk desk,
        MatchingRuleQueries queries, Projector views, HttpContext context) =>
        DifferenceEndpoints.NoReason(body.Value.Reason) ?? await Answer(
            rule, await desk.Reject(
                rule, body.Value.Version, body.Value.Reason, caller.Metadata(context), context.RequestAborted),
            queries, views, context);

    private static async Task<IResult> Retire(
        string rule, JsonBody<ReversalRequest> body, Caller caller, MatchingRuleDesk desk, MatchingRuleQueries queries,
        Projector views, HttpContext context) =>
        DifferenceEndpoints.NoReason(body.Value.Reason) ?? await Answer(
            rule, await desk.Retire(rule, body.Value.Reason, caller.Metadata(context), context.RequestAborted),
            queries, views, context);

    private static async Task<IResult> Answer(
        string rule, MatchingRuleOutcome outcome, MatchingRuleQueries queries, Projector views, HttpContext context)
    {
        if (outcome.Refusal is { } refusal)
            return Problem.Of(refusal);
        await views.WaitForHead(context.RequestAborted);
        return Results.Ok(RuleView.Of((await queries.Find(rule, context.RequestAborted))!));
    }
}
