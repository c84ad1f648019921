namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>One payment as merchants list it. Amounts in minor units; moments in UTC.</summary>
public sealed record PaymentRow
{
    public required string PaymentId { get; init; }
    public required string MerchantId { get; init; }
    public required string MerchantOrderNo { get; init; }
    public required string Channel { get; init; }
    public required string Product { get; init; }
    public required string Description { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required long FeeMinor { get; init; }
    public required long SplitMinor { get; init; }

    /// <summary>Held for refunds that have no end yet.</summary>
    public required long RefundHeldMinor { get; init; }

    public required long RefundedMinor { get; init; }
    public required string Status { get; init; }

    /// <summary>True when the channel has said something that cannot be true together with our books.</summary>
    public required bool Contradicted { get; init; }

    public string? ChannelReference { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? PaidAt { get; init; }
    public BusinessDay? BusinessDay { get; init; }

    /// <summary>Where its first event stands in the log: what lists are ordered by.</summary>
    public required long CreatedPosition { get; init; }
}

/// <summary>One refund as merchants look it up.</summary>
public sealed record RefundRow
{
    public required string PaymentId { get; init; }
    public required string RefundNo { get; init; }
    public required string MerchantId { get; init; }
    public required string Channel { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required string Status { get; init; }
    public required string Reason { get; init; }
    public string? ChannelReference { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A payment that somebody still has to ask the channel about.</summary>
public sealed record OpenPayment
{
    public required string PaymentId { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A refund that somebody still has to ask the channel about.</summary>
public sealed record OpenRefund
{
    public required string PaymentId { get; init; }
    public required string RefundNo { get; init; }
}

/// <summary>Which payments to list: newest first.</summary>
/// <param name="Status">Only these; null for all.</param>
/// <param name="From">Created on this business day or later; null for no bound.</param>
/// <param name="To">Created on this business day or earlier; null for no bound.</param>
/// <param name="BeforePosition">Only those created before this position: where the page before ended.</param>
public sealed record PaymentFilter(
    MerchantId Merchant, string? Status, BusinessDay? From, BusinessDay? To, long BeforePosition);

/// <summary>Looks up payments and refunds.</summary>
public sealed class PaymentQueries(ViewDatabase views)
{
    public Task<IReadOnlyList<PaymentRow>> List(
        PaymentFilter filter, int countMax, CancellationToken cancellation) => views.List<PaymentRow>(
        """
        SELECT * FROM views.payment
        WHERE merchant_id = @merchant AND created_position < @before
            AND (@status::text IS NULL OR status = @status)
            AND (@from::date IS NULL OR created_day >= @from)
            AND (@to::date IS NULL OR created_day <= @to)
        ORDER BY created_position DESC LIMIT @countMax
        """,
        new
        {
            merchant = filter.Merchant.Value, before = filter.BeforePosition, status = filter.Status,
            from = filter.From?.Date, to = filter.To?.Date, countMax,
        },
        cancellation);

    public Task<PaymentRow?> Find(PaymentId id, CancellationToken cancellation) => views.One<PaymentRow>(
        "SELECT * FROM views.payment WHERE payment_id = @id", new { id = id.Value }, cancellation);

    public Task<IReadOnlyList<RefundRow>> Refunds(PaymentId id, CancellationToken cancellation) =>
        views.List<RefundRow>(
            "SELECT * FROM views.refund WHERE payment_id = @id ORDER BY position", new { id = id.Value }, cancellation);

    /// <summary>What a merchant's payments made on a day sum to, those that came to nothing left out.</summary>
    public Task<long> VolumeMinor(
        MerchantId merchant, BusinessDay day, Currency currency, CancellationToken cancellation) => views.Value<long>(
        """
        SELECT coalesce(sum(amount_minor), 0)::bigint FROM views.payment
        WHERE merchant_id = @merchant AND created_day = @day AND currency = @currency
            AND status NOT IN ('refused', 'failed', 'closed')
        """,
        new { merchant = merchant.Value, day = day.Date, currency = $"{currency}" }, cancellation);

    /// <summary>Payments without an end that nothing was heard of since a moment, oldest first.</summary>
    public Task<IReadOnlyList<OpenPayment>> Open(
        DateTimeOffset untouchedSince, int countMax, CancellationToken cancellation) => views.List<OpenPayment>(
        """
        SELECT payment_id, p.status, p.created_at FROM views.payment_open o JOIN views.payment p USING (payment_id)
        WHERE o.touched_at <= @untouchedSince ORDER BY o.touched_at LIMIT @countMax
        """,
        new { untouchedSince, countMax }, cancellation);

    /// <summary>Refunds without an end that nothing was heard of since a moment, oldest first.</summary>
    public Task<IReadOnlyList<OpenRefund>> OpenRefunds(
        DateTimeOffset untouchedSince, int countMax, CancellationToken cancellation) => views.List<OpenRefund>(
        """
        SELECT payment_id, refund_no FROM views.refund
        WHERE status IN ('requested', 'unknown') AND touched_at <= @untouchedSince
        ORDER BY touched_at LIMIT @countMax
        """,
        new { untouchedSince, countMax }, cancellation);
}
