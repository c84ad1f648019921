using Jifu.Ledger.Clearing;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>Sums what a batch took, in one pass over it.</summary>
internal sealed class BatchSums(ViewDatabase views)
{
    private const string Sums = """
        SELECT merchant_id, currency, sum(payments)::integer AS payments, sum(refunds)::integer AS refunds,
            sum(gross_minor)::bigint AS gross_minor, sum(refunded_minor)::bigint AS refunded_minor,
            sum(fees_minor)::bigint AS fees_minor, sum(splits_minor)::bigint AS splits_minor
        """;

    private const string Brought = "sum(brought_minor)::bigint AS brought_minor";

    /// <summary>For each merchant and currency, in the order of merchants.</summary>
    public async Task<IReadOnlyList<MerchantPosition>> Of(BatchId batch, CancellationToken cancellation)
    {
        var sums = await Marked(batch, cancellation);
        foreach (var range in await Ranges(batch, cancellation))
            sums = Together(sums, await In(range, cancellation));
        return [.. sums.OrderBy(sum => sum.MerchantId, StringComparer.Ordinal)
            .ThenBy(sum => sum.Currency, StringComparer.Ordinal).Select(sum => sum.ToPosition())];
    }

    private static IReadOnlyList<ClearingSums> Together(
        IReadOnlyList<ClearingSums> some, IReadOnlyList<ClearingSums> more)
    {
        if (some is [])
            return more;
        var sums = some.ToDictionary(sum => (sum.MerchantId, sum.Currency));
        foreach (var sum in more)
        {
            var key = (sum.MerchantId, sum.Currency);
            sums[key] = sums.TryGetValue(key, out var there) ? there.Plus(sum) : sum;
        }

        return [.. sums.Values];
    }

    private Task<IReadOnlyList<ClearingSums>> Marked(BatchId batch, CancellationToken cancellation) =>
        views.ListInTime<ClearingSums>(
            $"{Sums}, {Brought} FROM views.clearing_entry WHERE batch_id = @batch GROUP BY merchant_id, currency",
            new { batch = batch.Value }, cancellation);

    private Task<IReadOnlyList<Range>> Ranges(BatchId batch, CancellationToken cancellation) => views.List<Range>(
        "SELECT * FROM views.clearing_take WHERE batch_id = @batch", new { batch = batch.Value }, cancellation);

    // Positions stand in the text, so that each is planned for what it is: a whole day, which all cores sum, or the few
    // that came late. A plan for any range would be kept for the next.
    private Task<IReadOnlyList<ClearingSums>> In(Range range, CancellationToken cancellation)
    {
        // Nothing else brings anything forward: an addition less for each of millions.
        var (kind, brought) = range.Carried ? ("=", Brought) : ("<>", "0::bigint AS brought_minor");
        return views.ListInTime<ClearingSums>(
            FormattableString.Invariant($"""
                {Sums}, {brought} FROM views.clearing_entry
                WHERE position >= {range.FromPosition} AND position < {range.UntilPosition} AND batch_id IS NULL
                    AND business_day = @day AND channel = @channel AND kind {kind} 'brought_forward'
                GROUP BY merchant_id, currency
                """),
            new { channel = range.Channel, day = range.BusinessDay.Date }, cancellation);
    }

    private sealed record Range
    {
        public required string Channel { get; init; }
        public required BusinessDay BusinessDay { get; init; }
        public required bool Carried { get; init; }
        public required long FromPosition { get; init; }
        public required long UntilPosition { get; init; }
    }
}
