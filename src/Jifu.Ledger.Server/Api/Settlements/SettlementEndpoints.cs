using Jifu.Ledger.ReadModels.Settlements;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Payments;

namespace Jifu.Ledger.Server.Api.Settlements;

/// <summary>A settlement order with its payout.</summary>
/// <param name="Status">ordered, held, sent, unknown, confirmed, failed, or returned by the bank.</param>
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
        v1.MapGet("/settlements", List).Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithTags("Settlements 结算").WithSummary("A merchant's settlements, newest first 结算单列表")
            .WithDescription("Operators and auditors say by merchant_id whose.").Produces<Page<SettlementView>>();

    private static Task<IResult> List(
        string? merchant_id, int? limit, string? cursor, Caller caller, AskedMerchant asked,
        SettlementQueries queries, Cursors cursors, CancellationToken cancellation) => asked.Of(
        caller, merchant_id,
        merchant => cursors.Page(
            limit, cursor, $"settlements {merchant}", long.MaxValue,
            (before, count) => queries.List(merchant, before, count, cancellation),
            row => row.Position, SettlementView.Of),
        cancellation);
}
