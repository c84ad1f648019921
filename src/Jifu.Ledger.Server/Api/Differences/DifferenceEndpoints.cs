using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Ops;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Differences;

/// <summary>Differences with channels (差异): which are open, and what people do about them.</summary>
internal static class DifferenceEndpoints
{
    private const int ReasonMax = 200;
    private const int CountMax = 1000;

    private static readonly string[] Statuses =
        ["live", "open", "proposed", "carrying_out", "held", "closed", "undone", "taken_back", "booked_twice"];

    public static void MapDifferences(this IEndpointRouteBuilder v1)
    {
        var ops = v1.MapGroup("/ops/differences").WithTags("Differences 差异处理");
        ops.MapGet("", List).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Differences by status, channel, class and age 差异清单")
            .WithDescription("Without status those that still need somebody (live). With as_of those that were in "
                + "suspense at the end of that business day, with what was left of them then; it goes with channel and "
                + "class only.")
            .Produces<DifferencePage>();
        ops.MapGet("/{id}", Show).Admits(Role.Operator, Role.Auditor)
            .WithSummary("A difference and all that happened to it 差异详情").Produces<DifferenceStory>();
        ops.MapPost("/{id}/proposals", Propose).Admits(Role.Operator)
            .WithSummary("Propose how to close it 提议处理")
            .WithDescription("Moves nothing until another key approves. The same proposal again changes nothing.")
            .Produces<DifferenceLifeView>();
        ops.MapPost("/{id}/reversals", Reverse).Admits(Role.Operator)
            .WithSummary("Propose to undo its closing 提议冲回").Produces<DifferenceLifeView>();
        ops.MapPost("/{id}/approvals", Approve).Admits(Role.Operator)
            .WithSummary("Approve what another key proposed 审批")
            .WithDescription("Books the balanced entry. The key that proposed is refused.")
            .Produces<DifferenceLifeView>();
        ops.MapPost("/{id}/rejections", Reject).Admits(Role.Operator)
            .WithSummary("Reject a proposal, or withdraw one's own 驳回或撤回").Produces<DifferenceLifeView>();
        MapFiles(v1, ops);
    }

    private static void MapFiles(IEndpointRouteBuilder v1, RouteGroupBuilder ops)
    {
        ops.MapPost("/proposals", DifferenceFileEndpoints.Upload).Admits(Role.Operator)
            .WithMetadata(new LargeBody(DifferenceFileEndpoints.BytesMax))
            .WithSummary("Propose what a filled-in workbook or CSV file says 上传差异处理表")
            .WithDescription("The body is the file. All of its rows are proposed, or none; each error names its cell, "
                + "or its line and column. Rows that have changed since the download are refused.")
            .Produces<UploadView>();
        ops.MapPost("/approvals", DifferenceFileEndpoints.Approve).Admits(Role.Operator)
            .WithMetadata(new LargeBody(DifferenceFileEndpoints.BytesMax))
            .WithSummary("Approve what another key proposed by such a file 批量审批")
            .WithDescription("The body is the file as it was uploaded. Each row approves the proposal that says the "
                + "same; those that cannot be approved are in failures, and the others are approved. The same file "
                + "again goes on where it broke off.")
            .Produces<FileApprovalView>();
        v1.MapGet("/ops/differences.xlsx", DifferenceFileEndpoints.Download).Admits(Role.Operator, Role.Auditor)
            .WithTags("Differences 差异处理").WithSummary("The differences as an Excel workbook, to fill in 下载差异处理表")
            .Produces(StatusCodes.Status200OK, contentType: DifferenceFileEndpoints.Type);
        v1.MapGet("/ops/differences.csv", DifferenceFileEndpoints.DownloadCsv).Admits(Role.Operator, Role.Auditor)
            .WithTags("Differences 差异处理").WithSummary("The same as CSV, by profile 下载差异处理表（CSV）")
            .WithDescription("profile is excel, gb18030 or machine; machine has codes, and headings as programs call "
                + "them.")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");
    }

    private static async Task<IResult> List(
        string? status, string? channel, string? @class, string? day, string? as_of, int? older_than_days,
        string? after, DifferenceQueries queries, Projector views, TimeProvider time, CancellationToken cancellation)
    {
        var today = BusinessDay.Of(time.GetUtcNow());
        var (filter, wrong) = Filter(status, channel, @class, day, older_than_days, after, today);
        if (filter is null)
            return wrong!;
        var then = default(BusinessDay);
        if (as_of is not null && !BusinessDay.TryParse(as_of, out then))
            return OpsEndpoints.NoDay(as_of);
        if (as_of is not null && (status ?? day ?? after ?? $"{older_than_days}").Length > 0)
            return new Problem("parameter_invalid", "as_of goes with channel and class, and with nothing else.");
        await views.WaitForHead(cancellation);
        if (as_of is not null)
            return Results.Ok(new DifferencePage(
                [.. (await queries.OpenAsOf(then, cancellation))
                    .Where(row => (channel is null || row.Channel == channel)
                        && (@class is null || row.Class == @class))
                    .Select(row => DifferenceLifeView.Of(row, then) with { Status = "open", Suggestion = null })],
                null));

        var rows = await queries.List(filter, cancellation);
        return Results.Ok(new DifferencePage(
            [.. rows.Select(row => DifferenceLifeView.Of(row, today))],
            rows.Count == CountMax ? rows[^1].DifferenceId : null));
    }

    internal static (DifferenceFilter? Filter, Problem? Wrong) Filter(
        string? status, string? channel, string? @class, string? day, int? older_than_days, string? after,
        BusinessDay today)
    {
        var of = default(BusinessDay);
        if (day is not null && !BusinessDay.TryParse(day, out of))
            return (null, OpsEndpoints.NoDay(day));
        if (status is not null && !Statuses.Contains(status))
            return (null, new("parameter_invalid", $"status is one of {string.Join(", ", Statuses)}."));
        if (channel is not null && !ChannelNames.TryParse(channel, out _))
            return (null, new("parameter_invalid", $"{channel} is no channel."));
        if (@class is not null && !DifferenceClasses.OfTrade.Concat(DifferenceClasses.OfMoney).Contains(@class))
            return (null, new("parameter_invalid", $"{@class} is no class of difference."));
        if (older_than_days is < 0 or > 36_500)
            return (null, new("parameter_invalid", "older_than_days is 0 to 36500."));
        return (new(
            status ?? "live", channel, @class, day is null ? null : of,
            older_than_days is { } days ? new(today.Date.AddDays(-days)) : null, after, CountMax), null);
    }

    private static async Task<IResult> Show(
        string id, DifferenceQueries queries, MatchingRuleDesk rules, Projector views, TimeProvider time,
        CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        if (await queries.Find(id, cancellation) is not { } row)
            return Problem.Of(DifferenceDeskRejection.DifferenceNotFound, $"There is no difference {id}.");
        var doubts = await rules.Doubts(row, cancellation);
        return Results.Ok(new DifferenceStory(
            DifferenceLifeView.Of(row, BusinessDay.Of(time.GetUtcNow())),
            [.. (await queries.Steps(id, cancellation)).Select(step => new DifferenceStepView(
                step.Position, step.Day, step.Step, step.Actor, step.Detail, step.MovedMinor))],
            doubts is [] ? null
                : [.. doubts.Select(one => new RuleDoubtView(one.Rule, one.Version, UndecidedView.Of(one.Line)))]));
    }

    private static async Task<IResult> Propose(
        string id, JsonBody<ProposalRequest> body, Caller caller, DifferenceDesk desk, DifferenceAnswer answer,
        HttpContext context)
    {
        if (NoReason(body.Value.Reason) is { } wrong)
            return wrong;
        var (remedy, unfit) = body.Value.Form.Read(new(id));
        return remedy is null
            ? new Problem("field_invalid", $"$.{unfit[0].Field}: {unfit[0].Expected}")
            : await answer.Of(id, await desk.Propose(
                new(id), remedy, body.Value.Reason, new(body.Value.Version, body.Value.Found), caller.Metadata(context),
                context.RequestAborted), context.RequestAborted);
    }

    private static async Task<IResult> Reverse(
        string id, JsonBody<ReversalRequest> body, Caller caller, DifferenceDesk desk, DifferenceAnswer answer,
        HttpContext context) => NoReason(body.Value.Reason) ?? await answer.Of(id, await desk.ProposeReversal(
            new(id), body.Value.Reason, caller.Metadata(context), context.RequestAborted), context.RequestAborted);

    private static async Task<IResult> Approve(
        string id, JsonBody<ApprovalRequest> body, Caller caller, DifferenceDesk desk, DifferenceAnswer answer,
        HttpContext context) => await answer.Of(id, await desk.Approve(
            new(id), body.Value.Proposal, caller.Metadata(context), context.RequestAborted), context.RequestAborted);

    private static async Task<IResult> Reject(
        string id, JsonBody<RejectionRequest> body, Caller caller, DifferenceDesk desk, DifferenceAnswer answer,
        HttpContext context) => NoReason(body.Value.Reason) ?? await answer.Of(id, await desk.Reject(
            new(id), body.Value.Proposal, body.Value.Reason, caller.Metadata(context), context.RequestAborted),
            context.RequestAborted);

    internal static IResult? NoReason(string reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonMax
            ? new Problem("field_invalid", $"$.reason: 1 to {ReasonMax} characters")
            : null;
}

/// <summary>Answers a command with the difference as it stands after it.</summary>
internal sealed class DifferenceAnswer(DifferenceQueries queries, Projector views, TimeProvider time)
{
    public async Task<IResult> Of(string id, DifferenceOutcome outcome, CancellationToken cancellation)
    {
        if (outcome.Refusal is { } refusal)
            return Problem.Of(refusal);
        await views.WaitForHead(cancellation);
        return Results.Ok(DifferenceLifeView.Of(
            (await queries.Find(id, cancellation))!, BusinessDay.Of(time.GetUtcNow())));
    }
}
