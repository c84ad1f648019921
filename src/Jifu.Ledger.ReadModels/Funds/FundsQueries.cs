using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.ReadModels.Funds;

/// <summary>What the read model says of a merchant's funds in one currency, and as of which position of the
/// log.</summary>
/// <param name="Position">Up to where the log is in it; -1 for nothing.</param>
/// <param name="SuccessPosition">The last success of a payment of the merchant; -1 when there is none. Where that is
/// the position itself, and the log goes on, the split that came with it may not be in the facts.</param>
/// <param name="Registered">True when the list of merchants has it; when not, that list may only be late.</param>
public sealed record FundsRow(FundsFacts Facts, long Position, long SuccessPosition, bool Registered);

/// <summary>An amount that is put aside, and since when.</summary>
public sealed record OpenHold(MerchantId Merchant, HoldId Hold, Money Amount, DateTimeOffset HeldAt);

/// <summary>Looks up what merchants may give away.</summary>
public sealed class FundsQueries(ViewDatabase views)
{
    /// <summary>The funds of several merchants, all as of the same position.</summary>
    public async Task<IReadOnlyDictionary<(MerchantId Merchant, Currency Currency), FundsRow>> Of(
        IReadOnlyCollection<(MerchantId Merchant, Currency Currency)> asked, CancellationToken cancellation)
    {
        // LATERAL keeps these index probes for each merchant; as joins the planner may read the whole tables. What is
        // free of a place is its balance less what is put aside.
        var rows = await views.List<Row>(
            """
            SELECT a.merchant_id, a.currency, coalesce(c.position, -1) AS position,
                coalesce(p.free_minor, 0) + coalesce(v.free_minor, 0) AS free_minor,
                coalesce(v.free_minor, 0) AS available_minor,
                coalesce(p.out_minor, 0) + coalesce(v.out_minor, 0) AS out_minor,
                coalesce(v.out_minor, 0) AS out_of_available_minor,
                coalesce(p.success_position, -1) AS success_position,
                m.merchant_id IS NOT NULL AS registered
            FROM unnest(@merchants, @pending, @available, @currencies)
                AS a (merchant_id, pending, available, currency)
            LEFT JOIN LATERAL (
                SELECT credit_minor - debit_minor - aside_minor AS free_minor, out_minor, success_position
                FROM views.balance WHERE account = a.pending AND currency = a.currency LIMIT 1
            ) AS p ON true
            LEFT JOIN LATERAL (
                SELECT credit_minor - debit_minor - aside_minor AS free_minor, out_minor
                FROM views.balance WHERE account = a.available AND currency = a.currency LIMIT 1
            ) AS v ON true
            LEFT JOIN LATERAL (
                SELECT merchant_id FROM views.merchant WHERE merchant_id = a.merchant_id LIMIT 1
            ) AS m ON true
            LEFT JOIN views.checkpoint c ON c.projection = 'journal'
            """,
            new
            {
                merchants = asked.Select(key => key.Merchant.Value).ToArray(),
                pending = asked.Select(key => Account.Pending(key.Merchant).ToString()).ToArray(),
                available = asked.Select(key => Account.Available(key.Merchant).ToString()).ToArray(),
                currencies = asked.Select(key => Column.Name(key.Currency)).ToArray(),
            },
            cancellation);
        return rows.ToDictionary(row => (new MerchantId(row.MerchantId), Enum.Parse<Currency>(row.Currency)), row =>
            row.ToFunds());
    }

    /// <summary>What was put aside before a moment and neither used nor released since, oldest first.</summary>
    public async Task<IReadOnlyList<OpenHold>> OpenHolds(
        DateTimeOffset before, int countMax, CancellationToken cancellation) =>
        [.. (await views.List<HoldRow>(
            """
            SELECT merchant_id, hold_id, currency, amount_minor, held_at FROM views.hold
            WHERE held_at < @before ORDER BY position LIMIT @countMax
            """,
            new { before = before.ToUniversalTime(), countMax }, cancellation))
            .Select(row => new OpenHold(
                new(row.MerchantId), new(row.HoldId), new(row.AmountMinor, Enum.Parse<Currency>(row.Currency)),
                row.HeldAt))];

    private sealed record Row
    {
        public required string MerchantId { get; init; }
        public required string Currency { get; init; }
        public required long Position { get; init; }
        public required long FreeMinor { get; init; }
        public required long AvailableMinor { get; init; }
        public required long OutMinor { get; init; }
        public required long OutOfAvailableMinor { get; init; }
        public required long SuccessPosition { get; init; }
        public required bool Registered { get; init; }

        public FundsRow ToFunds()
        {
            var currency = Enum.Parse<Currency>(Currency);
            return new(
                new(
                    new(FreeMinor, currency), new(AvailableMinor, currency), new(OutMinor, currency),
                    new(OutOfAvailableMinor, currency)),
                Position, SuccessPosition, Registered);
        }
    }

    private sealed record HoldRow
    {
        public required string MerchantId { get; init; }
        public required string HoldId { get; init; }
        public required string Currency { get; init; }
        public required long AmountMinor { get; init; }
        public required DateTimeOffset HeldAt { get; init; }
    }
}
