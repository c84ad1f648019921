namespace Jifu.Ledger.ReadModels.Settlements;

/// <summary>One settlement order with its payout.</summary>
public sealed record SettlementRow
{
    public required string SettlementId { get; init; }
    public required string MerchantId { get; init; }
    public required string BatchId { get; init; }
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Term { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required string PayoutAccount { get; init; }
    public required string Status { get; init; }
    public string? Reference { get; init; }
    public string? BankReference { get; init; }
    public required DateTimeOffset OrderedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required long Position { get; init; }
}

/// <summary>Looks up settlement orders.</summary>
public sealed class SettlementQueries(ViewDatabase views)
{
    /// <summary>A merchant's settlements before a position, newest first.</summary>
    public Task<IReadOnlyList<SettlementRow>> List(
        MerchantId merchant, long beforePosition, int countMax, CancellationToken cancellation) =>
        views.List<SettlementRow>(
            """
            SELECT * FROM views.settlement WHERE merchant_id = @merchant AND position < @beforePosition
            ORDER BY position DESC LIMIT @countMax
            """,
            new { merchant = merchant.Value, beforePosition, countMax }, cancellation);

    public Task<IReadOnlyList<SettlementRow>> OfDay(BusinessDay day, CancellationToken cancellation) =>
        views.List<SettlementRow>(
            "SELECT * FROM views.settlement WHERE day = @day ORDER BY settlement_id",
            new { day = day.Date }, cancellation);

    /// <summary>Settlements whose payout has no end yet.</summary>
    public async Task<IReadOnlyList<SettlementId>> Open(CancellationToken cancellation) =>
        [.. (await views.List<string>(
            """
            SELECT settlement_id FROM views.settlement WHERE status IN ('ordered', 'sent', 'unknown')
            ORDER BY settlement_id
            """,
            null, cancellation)).Select(id => new SettlementId(id))];
}
