using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.Server.Api.Json;

namespace Jifu.Ledger.Server.Api.Payments;

/// <summary>A payment as it stands. Amounts in minor units of its currency.</summary>
/// <param name="Status">created, refused, pending, unknown, paid, cancelling, failed, closed or cancelled.</param>
/// <param name="Credential">What the payer needs to pay; while it is pending.</param>
/// <param name="FailureCode">Why it was refused or failed.</param>
/// <param name="Refundable">What can still be refunded.</param>
internal sealed record PaymentView(
    string PaymentId, string MerchantOrderNo, string Status, MinorUnits Amount, Currency Currency, string Channel,
    string Product, string Description, MinorUnits Fee, BusinessDay? BusinessDay, string? Credential,
    string? ChannelReference, DateTimeOffset? PaidAt, string? FailureCode, string? FailureReason,
    MinorUnits? Refundable, IReadOnlyList<RefundView>? Refunds, IReadOnlyList<ShareView>? Shares)
{
    public static PaymentView Of(PaymentId id, Payment payment)
    {
        var made = (Payment.Made)payment;
        var order = made.Asked;
        var paid = payment as Payment.Paid ?? (payment as Payment.Cancelled)?.Was;
        var (code, reason) = Failure(payment);
        return new(
            id.Value, order.MerchantOrderNo, StatusOf(payment), new(order.Amount.MinorUnits), order.Amount.Currency,
            order.Channel.Name(), SnakeCase.Of($"{order.Product}"), order.Description,
            new(made.Terms.Quote.Fee.MinorUnits), paid?.Day, (payment as Payment.Pending)?.Credential,
            paid?.ChannelReference, InShanghai(paid?.PaidAt), code, reason,
            payment is Payment.Paid live ? new MinorUnits(live.Refundable.MinorUnits) : null,
            paid?.Refunds.Select(refund => RefundView.Of(id, refund.Key, refund.Value)).ToList(),
            paid?.Splits.SelectMany(split => split.Value.Shares.Select(share => new ShareView(
                split.Key, share.Receiver.Value, new(share.Amount.MinorUnits)))).ToList());
    }

    public static string StatusOf(Payment payment) => payment switch
    {
        Payment.Drafted => "created",
        Payment.Pending { UnknownBecause: not null } => "unknown",
        Payment.Paid { Cancelling: true } => "cancelling",
        _ => SnakeCase.Of(payment.GetType().Name),
    };

    /// <summary>Times leave as people here read them, with their offset.</summary>
    public static DateTimeOffset? InShanghai(DateTimeOffset? at) => at?.ToOffset(Jifu.Ledger.BusinessDay.Offset);

    private static (string? Code, string? Reason) Failure(Payment payment) => payment switch
    {
        Payment.Refused refused => ("payment_refused_by_risk", refused.Rule),
        Payment.Failed failed => (failed.Code, failed.Reason),
        Payment.Pending pending => (null, pending.UnknownBecause),
        _ => (null, null),
    };
}

/// <summary>A refund as it stands.</summary>
/// <param name="Status">requested, unknown, succeeded or failed.</param>
internal sealed record RefundView(
    string PaymentId, string RefundNo, string Status, MinorUnits Amount, Currency Currency, string Reason,
    MinorUnits FeeReturned, string? ChannelReference)
{
    public static RefundView Of(PaymentId id, string refundNo, Refund refund) => new(
        id.Value, refundNo, SnakeCase.Of($"{refund.Status}"), new(refund.Amount.MinorUnits), refund.Amount.Currency,
        refund.Reason, new(refund.Returns.Fee.MinorUnits), refund.Reference);
}

/// <summary>A receiver's share.</summary>
internal sealed record ShareView(string SplitNo, string Receiver, MinorUnits Amount);

/// <summary>A payment in a list.</summary>
internal sealed record PaymentLine(
    string PaymentId, string MerchantOrderNo, string Status, MinorUnits Amount, Currency Currency, string Channel,
    string Product, string Description, MinorUnits Fee, MinorUnits Refunded, MinorUnits RefundHeld, MinorUnits Split,
    DateTimeOffset CreatedAt, DateTimeOffset? PaidAt, BusinessDay? BusinessDay)
{
    public static PaymentLine Of(PaymentRow row) => new(
        row.PaymentId, row.MerchantOrderNo, row.Status, new(row.AmountMinor), Enum.Parse<Currency>(row.Currency),
        row.Channel, row.Product, row.Description, new(row.FeeMinor), new(row.RefundedMinor),
        new(row.RefundHeldMinor), new(row.SplitMinor), PaymentView.InShanghai(row.CreatedAt)!.Value,
        PaymentView.InShanghai(row.PaidAt), row.BusinessDay);
}

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Give it back as <c>cursor</c> for the next page; absent on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>One event of a payment.</summary>
/// <param name="Event">The event as it is stored.</param>
internal sealed record TimelineView(
    long Position, string Type, DateTimeOffset RecordedAt, System.Text.Json.JsonElement Event)
{
    public static TimelineView Of(TimelineRow row)
    {
        using var document = System.Text.Json.JsonDocument.Parse(row.Payload);
        return new(
            row.Position, row.Type, PaymentView.InShanghai(row.RecordedAt)!.Value, document.RootElement.Clone());
    }
}
