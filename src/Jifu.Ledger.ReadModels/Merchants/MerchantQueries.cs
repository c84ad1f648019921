namespace Jifu.Ledger.ReadModels.Merchants;

/// <summary>One merchant as lists show it.</summary>
public sealed record MerchantRow
{
    public required string MerchantId { get; init; }
    public required string Name { get; init; }
    public required string PayoutAccount { get; init; }
    public required string SettlementTerm { get; init; }
    public required DateTimeOffset RegisteredAt { get; init; }
    public required long Position { get; init; }
}

/// <summary>Looks up merchants.</summary>
public sealed class MerchantQueries(ViewDatabase views)
{
    /// <summary>Merchants after a position, in the order in which they registered.</summary>
    public Task<IReadOnlyList<MerchantRow>> List(long afterPosition, int countMax, CancellationToken cancellation) =>
        views.List<MerchantRow>(
            "SELECT * FROM views.merchant WHERE position > @afterPosition ORDER BY position LIMIT @countMax",
            new { afterPosition, countMax }, cancellation);

    /// <summary>Who is settled on the day itself (T+0).</summary>
    public async Task<IReadOnlyList<MerchantId>> SettledAtOnce(CancellationToken cancellation) =>
        [.. (await views.List<string>(
            "SELECT merchant_id FROM views.merchant WHERE settlement_term = 'T0' ORDER BY merchant_id", null,
            cancellation)).Select(id => new MerchantId(id))];
}
