using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Rules;
using Jifu.Ledger.Reconciliation.Rules;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Differences;

/// <summary>One side of a group.</summary>
/// <param name="Class">The class of difference: <c>only_with_us</c>.</param>
/// <param name="Key">What its keys look like: <c>refund:{order}-*</c>.</param>
internal sealed record SideJson(string Class, string Key);

/// <summary>What a rule of finance says, as it is written and shown.</summary>
/// <param name="Kind"><c>tolerance</c>, <c>status</c> or <c>group</c>.</param>
/// <param name="RestTo"><c>channel_cost</c>, <c>difference_result</c> or <c>fee_income</c>.</param>
internal sealed record TermsJson(
    MatchingKind Kind, Channel? Channel = null, IReadOnlyList<string>? Classes = null, long? WithinMinor = null,
    long? WithinPpm = null, AccountKind? RestTo = null, IReadOnlyList<string>? Theirs = null,
    IReadOnlyList<string>? Ours = null, SideJson? One = null, SideJson? Many = null, int? DaysApartMax = null)
{
    public MatchingTerms Terms => new(
        Kind, [.. Classes ?? []], [.. Theirs ?? []], [.. Ours ?? []], Channel, WithinMinor, WithinPpm, RestTo,
        One is { } one ? new(one.Class, one.Key) : null, Many is { } many ? new(many.Class, many.Key) : null,
        DaysApartMax);

    public static TermsJson? Of(string? stored)
    {
        if (stored is null)
            return null;
        var t = MatchingRuleRow.TermsOf(stored);
        return new(
            t.Kind, t.Channel, Some(t.Classes), t.WithinMinor, t.WithinPpm, t.RestTo, Some(t.Theirs), Some(t.Ours),
            t.One is { } one ? new(one.Class, one.Key) : null, t.Many is { } many ? new(many.Class, many.Key) : null,
            t.DaysApartMax);
    }

    private static ValueList<string>? Some(ValueList<string> list) => list is [] ? null : list;
}

/// <summary>Proposes what a rule should say.</summary>
internal sealed record RuleRequest(TermsJson Rule, string Reason);

/// <summary>Asks what a rule would have matched on past days.</summary>
internal sealed record RuleTestRequest(TermsJson Rule, BusinessDay From, BusinessDay To);

/// <summary>Says yes to a version of a rule.</summary>
internal sealed record RuleApprovalRequest(int Version);

/// <summary>Says no to a version of a rule.</summary>
internal sealed record RuleRejectionRequest(int Version, string Reason);

/// <summary>One version of a rule.</summary>
internal sealed record RuleVersionView(int Version, TermsJson Rule, string By, string? ApprovedBy, string Reason);

/// <summary>A rule of finance: the version that works, and the one that waits for another person.</summary>
internal sealed record RuleView(string Id, RuleVersionView? Active, RuleVersionView? Asked)
{
    public static RuleView Of(MatchingRuleRow row) => new(
        row.RuleId,
        row.Version is { } version
            ? new(version, TermsJson.Of(row.Terms)!, row.WrittenBy!, row.ApprovedBy, row.Reason!)
            : null,
        row.AskedVersion is { } asked
            ? new(asked, TermsJson.Of(row.AskedTerms)!, row.AskedBy!, null, row.AskedReason!)
            : null);
}

/// <summary>One of the differences that a rule takes together.</summary>
internal sealed record MatchMemberView(
    string Id, BusinessDay Day, string Channel, string Class, string Key, string Theirs, string Ours, long Excess);

/// <summary>What a rule takes together, and what is left over.</summary>
internal sealed record MatchView(IReadOnlyList<MatchMemberView> Differences, long Rest)
{
    public static MatchView Of(RuleMatch match) => new(
        [.. match.Members.Select(member => member.Difference).Select(one => new MatchMemberView(
            one.Id.Value, one.Finding.Day, one.Finding.Channel.Name(), one.Finding.Class, one.Finding.Key,
            one.Finding.Theirs, one.Finding.Ours, one.Left.MinorUnits))],
        match.Rest.MinorUnits);
}

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
            .WithDescription("Of the differences as they were found, whatever became of them. Changes nothing.")
            .Produces<IReadOnlyList<MatchView>>();
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
        if (terms.Fault is { } fault)
            return Problem.Of(MatchingRuleRejection.RuleInvalid, fault);
        if (asked.To < asked.From || asked.To.Date.DayNumber - asked.From.Date.DayNumber > 400)
            return new Problem("field_invalid", "$.to: a day not before from, at most 400 days after it");
        return Results.Ok((await desk.Test(terms, asked.From, asked.To, cancellation)).Select(MatchView.Of).ToList());
    }

    private static async Task<IResult> Propose(
        string rule, JsonBody<RuleRequest> body, Caller caller, MatchingRuleDesk desk, MatchingRuleQueries queries,
        Projector views, HttpContext context)
    {
        if (rule.Length > 64 || !rule.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            return new Problem("parameter_invalid", "A rule's id has 1 to 64 letters, digits, - and _.");
        return DifferenceEndpoints.NoReason(body.Value.Reason) ?? await Answer(
            rule, await desk.Propose(
                rule, body.Value.Rule.Terms, body.Value.Reason, caller.Metadata(context), context.RequestAborted),
            queries, views, context);
    }

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
