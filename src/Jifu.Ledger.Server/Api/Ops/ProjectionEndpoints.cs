using Jifu.Ledger.Operations.Upkeep;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>Asks that an event be left out of a projection that cannot apply it.</summary>
/// <param name="Position">Of the event: where the projection has stopped.</param>
/// <param name="Reason">For whoever asks later why the view says nothing of it; 1 to 500 characters.</param>
internal sealed record SkipRequest(long Position, string Reason);

/// <summary>How far the read models are, and what to do about one that has stopped.</summary>
internal static class ProjectionEndpoints
{
    private const int ReasonMax = 500;

    public static void MapProjections(this IEndpointRouteBuilder v1)
    {
        var ops = v1.MapGroup("/ops/projections").WithTags("Operations 运营");
        ops.MapGet("", Positions).Admits(Role.Operator, Role.Auditor)
            .WithSummary("How far each read model has come 读模型进度").Produces<IReadOnlyList<ProjectionStatus>>();
        ops.MapPost("/{projection}/skips", Skip).Admits(Role.Operator)
            .WithSummary("Leave out an event that a read model cannot apply 跳过事件")
            .WithDescription("Only the event at which it has stopped. It is recorded in the log with its reason, and "
                + "left out of every later rebuild and check too.").Produces<IReadOnlyList<ProjectionStatus>>();
    }

    private static IReadOnlyList<ProjectionStatus> Positions(Projector views) => views.Status;

    private static async Task<IResult> Skip(
        string projection, JsonBody<SkipRequest> body, Caller caller, SkipDesk desk, Projector views,
        HttpContext context)
    {
        var (position, reason) = (body.Value.Position, body.Value.Reason.Trim());
        if (reason.Length is 0 or > ReasonMax)
            return new Problem("field_invalid", $"$.reason: 1 to {ReasonMax} characters");
        var refusal = await desk.Skip(
            projection, position, reason, caller.Metadata(context), context.RequestAborted);
        return refusal is null ? Results.Ok(views.Status) : Problem.Of(refusal);
    }
}
