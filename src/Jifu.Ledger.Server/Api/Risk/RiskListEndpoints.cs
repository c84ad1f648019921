using Jifu.Ledger.Operations.Risk;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Risk;

/// <summary>The black and white lists (黑白名单).</summary>
internal static class RiskListEndpoints
{
    private const int NameLengthMax = 128;
    private const int ReasonLengthMax = 200;

    public static void MapRiskLists(this IEndpointRouteBuilder v1)
    {
        var lists = v1.MapGroup("/risk/lists").WithTags("Risk 风控");
        lists.MapGet("", Show).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Both lists 查询黑白名单").Produces<RiskListsView>();
        lists.MapPut("/{colour}/{name}", (
                string colour, string name, string reason, Caller caller, RiskDesk desk, HttpContext context) =>
            Set(colour, name, true, reason, caller, desk, context))
            .Admits(Role.Operator).WithSummary("Put merchant:ID or payer:ID on a list 加入名单")
            .Produces<RiskListsView>();
        lists.MapDelete("/{colour}/{name}", (
                string colour, string name, string reason, Caller caller, RiskDesk desk, HttpContext context) =>
            Set(colour, name, false, reason, caller, desk, context))
            .Admits(Role.Operator).WithSummary("Take a name off a list 移出名单")
            .Produces<RiskListsView>();
    }

    private static async Task<RiskListsView> Show(RiskDesk desk, CancellationToken cancellation) =>
        RiskListsView.Of(await desk.ListsNow(cancellation));

    private static async Task<IResult> Set(
        string colour, string name, bool listed, string reason, Caller caller, RiskDesk desk, HttpContext context)
    {
        RiskListColour? list = colour switch
        {
            "black" => RiskListColour.Black,
            "white" => RiskListColour.White,
            _ => null,
        };
        if (list is null)
            return new Problem("parameter_invalid", $"There is no list {colour}; there are black and white.");
        if (name is not (['m', 'e', 'r', 'c', 'h', 'a', 'n', 't', ':', _, ..] or ['p', 'a', 'y', 'e', 'r', ':', _, ..])
            || name.Length > NameLengthMax)
            return new Problem("parameter_invalid", "A name is merchant:ID or payer:ID, of 128 characters at most.");
        if (reason.Length is 0 or > ReasonLengthMax)
            return new Problem("parameter_invalid", "A reason has 1 to 200 characters.");
        await desk.SetListed(name, list.Value, listed, reason, caller.Metadata(context), context.RequestAborted);
        return Results.Ok(RiskListsView.Of(await desk.ListsNow(context.RequestAborted)));
    }
}

/// <summary>Who stands on which list, in alphabetical order.</summary>
internal sealed record RiskListsView(IReadOnlyList<string> Black, IReadOnlyList<string> White)
{
    public static RiskListsView Of(RiskList lists) =>
        new([.. lists.Black.Order(StringComparer.Ordinal)], [.. lists.White.Order(StringComparer.Ordinal)]);
}
