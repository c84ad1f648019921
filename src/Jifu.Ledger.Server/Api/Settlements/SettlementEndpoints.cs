using Jifu.Ledger.ReadModels.Settlements;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Settlements;

/// <summary>A settlement order with its payout.</summary>
/// <param name="Status">ordered, held, sent, unknown, confirmed or failed.</param>
/// <param name="Day">The business day that was cleared.</param>
internal sealed record SettlementView(
    string SettlementId, string MerchantId, string BatchId, string Channel, BusinessDay Day, string Term,
    MinorUnits Amount, Currency Currency, string Status, string PayoutAccount, string? BankReference,
    DateTimeOffset OrderedAt, DateTimeOffset? FinishedAt)
{
    public static SettlementView Of(SettlementRow row) => new(
        row.SettlementId, row.MerchantId, row.BatchId, row.Channel, row.Day, SnakeCase.Of(row.Term),
        new(row.AmountMinor), Enum.Parse<Currency>(row.Currency), row.Status, row.PayoutAccount, row.BankReference,
        PaymentView.InShanghai(row.OrderedAt)!.Value, PaymentView.InShanghai(row.FinishedAt));
}

/// <summary>Settlements (结算) of a merchant.</summary>
internal static class SettlementEndpoints
{
    public static void MapSettlements(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/settlements", List).Admits(Role.Merchant).WithTags("Settlements 结算")
            .WithSummary("A merchant's settlements, newest first 结算单列表").Produces<Page<SettlementView>>();

    private static async Task<IResult> List(
        int? limit, string? cursor, Caller caller, SettlementQueries queries, Cursors cursors,
        CancellationToken cancellation)
    {
        if (limit is < 1 or > 200)
            return new Problem("parameter_invalid", "limit lies between 1 and 200.");
        var bound = $"settlements {caller.Self}";
        if (cursors.Read(cursor, bound) is not { } before)
            return new Problem("cursor_invalid", "Give back next_cursor as it came.");
        var rows = await queries.List(caller.Self, before, (limit ?? 50) + 1, cancellation);
        var page = rows.Take(limit ?? 50).ToList();
        return Results.Ok(new Page<SettlementView>(
            [.. page.Select(SettlementView.Of)],
            rows.Count > page.Count ? cursors.Write(page[^1].Position, bound) : null));
    }
}
