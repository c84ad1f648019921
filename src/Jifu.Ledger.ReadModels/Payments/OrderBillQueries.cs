namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>One line of a day's order bill (订单账单). Amounts in minor units; fee, split and cost are negative where
/// they are given back.</summary>
public sealed record OrderBillRow
{
    /// <summary><c>payment</c>, <c>refund</c>, <c>cancel</c>; or <c>split</c> for shares of a payment of an earlier
    /// day.</summary>
    public required string Kind { get; init; }

    public required long Position { get; init; }
    public required string MerchantId { get; init; }
    public required string MerchantOrderNo { get; init; }
    public required string PaymentId { get; init; }

    /// <summary>The merchant's number of the refund; null for anything else.</summary>
    public string? RefundNo { get; init; }

    public required string Channel { get; init; }
    public string? ChannelReference { get; init; }
    public string? ChannelRefundReference { get; init; }
    public required string Currency { get; init; }

    /// <summary>When it happened, by the channel's clock; for a split, when we recorded it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Positive, whichever way the money goes; nothing for a split.</summary>
    public required long AmountMinor { get; init; }

    public required long FeeMinor { get; init; }
    public required long SplitMinor { get; init; }
    public required long CostMinor { get; init; }
}

/// <summary>Looks up order bills: what payments, refunds and cancellations of a business day came to.</summary>
public sealed class OrderBillQueries(ViewDatabase views)
{
    /// <summary>The lines of a day in the order of the log, one by one. Shares that a payment gave on its own day stand
    /// in its own line.</summary>
    /// <remarks>Amounts and costs are the channel lines', fees and shares the clearing items': none is the journal's,
    /// so that the two can be held against each other.</remarks>
    /// <param name="merchant">Whose; null for everybody's.</param>
    public IAsyncEnumerable<OrderBillRow> Lines(
        BusinessDay day, MerchantId? merchant, CancellationToken cancellation) =>
        views.Rows<OrderBillRow>(
            """
            WITH span AS (
                SELECT min(position) AS first, max(position) AS last FROM views.journal_line WHERE business_day = @day),
            item AS (
                SELECT c.* FROM views.clearing_entry c
                WHERE c.position BETWEEN (SELECT first FROM span) AND (SELECT last FROM span)
                    AND c.business_day = @day AND c.kind IN ('payment', 'split', 'refund', 'cancel')
                    AND (@merchant::text IS NULL OR c.merchant_id = @merchant)),
            share AS (
                SELECT payment_id, sum(splits_minor)::bigint AS splits_minor FROM item WHERE kind = 'split'
                GROUP BY payment_id)
            SELECT i.kind, i.position, i.merchant_id, p.merchant_order_no, i.payment_id,
                CASE WHEN i.kind = 'refund' THEN substr(l.number, length(i.payment_id) + 2) END AS refund_no,
                i.channel, coalesce(nullif(l.channel_reference, ''), p.channel_reference) AS channel_reference,
                l.channel_refund_reference, i.currency, coalesce(r.finished_at, l.at, t.recorded_at) AS at,
                coalesce(l.amount_minor, 0) AS amount_minor, i.fees_minor AS fee_minor,
                i.splits_minor + coalesce(s.splits_minor, 0) AS split_minor, coalesce(l.fee_minor, 0) AS cost_minor
            FROM item i JOIN views.payment p USING (payment_id)
                LEFT JOIN views.channel_line l ON l.position = i.position
                    AND l.position BETWEEN (SELECT first FROM span) AND (SELECT last FROM span)
                LEFT JOIN views.journal_line t ON t.position = i.position AND t.line_no = 1 AND i.kind = 'split'
                    AND t.position BETWEEN (SELECT first FROM span) AND (SELECT last FROM span)
                LEFT JOIN views.refund r ON i.kind = 'refund' AND r.payment_id = i.payment_id
                    AND l.number = r.payment_id || '.' || r.refund_no
                LEFT JOIN share s ON s.payment_id = i.payment_id AND i.kind = 'payment'
            WHERE i.kind <> 'split' OR p.business_day <> @day
            ORDER BY i.position
            """,
            new { day = day.Date, merchant = merchant?.Value }, cancellation);
}
