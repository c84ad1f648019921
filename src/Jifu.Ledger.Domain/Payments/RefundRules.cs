using System.Diagnostics;

namespace Jifu.Ledger.Payments;

using Decision = Decision<PaymentEvent, PaymentRejection>;
using static Payment;
using static PaymentCommand;

/// <summary>What may be refunded. Asked by <see cref="PaymentRules"/> once a payment was paid.</summary>
internal static class RefundRules
{
    public static Decision Decide(Made payment, PaymentCommand command) => (payment, command) switch
    {
        (Cancelled, WithdrawRefund) => Decision.Nothing,
        (Cancelled, _) => PaymentRejection.PaymentAlreadyCancelled,
        (Paid p, RequestRefund c) => DecideRequest(p, c),
        (Paid p, WithdrawRefund c) => Known(p, c.Refund) is not null || p.Withdrawn.Contains(Paid.NameOf(c.Refund))
            ? Decision.Nothing
            : new PaymentEvent.RefundWithdrawn(c.Refund, c.Reason, c.At),
        (Paid p, ConfirmRefund c) => Known(p, c.Refund) is { } refund ? Confirm(p, refund, c) : Unknown,
        (Paid p, FailRefund c) => Known(p, c.Refund) is { } refund ? Fail(p, refund, c) : Unknown,
        (Paid p, MarkRefundUnknown c) => Known(p, c.Refund) switch
        {
            null => Unknown,
            { Status: RefundStatus.Requested } => new PaymentEvent.RefundOutcomeUnknown(c.Refund, c.Reason, c.At),
            _ => Decision.Nothing,
        },
        _ => throw new UnreachableException($"No rule answers {command} on {payment}."),
    };

    private static Decision Unknown => PaymentRejection.RefundNotFound;

    private static Refund? Known(Paid p, RefundId id) => p.Refunds.GetValueOrDefault(id.Value);

    private static Decision DecideRequest(Paid p, RequestRefund c) => Known(p, c.Refund) switch
    {
        { } same when same.Amount == c.Amount && same.Reason == c.Reason && same.NotifyUrl == c.NotifyUrl =>
            Decision.Nothing,
        not null => PaymentRejection.RefundNoReused,
        null when p.Withdrawn.Contains(Paid.NameOf(c.Refund)) => PaymentRejection.RefundWithdrawn,
        null when !c.Amount.IsPositive => PaymentRejection.AmountNotPositive,
        null when c.Amount.Currency != p.Asked.Amount.Currency => PaymentRejection.CurrencyDiffers,
        null when p.Cancelling => PaymentRejection.PaymentBeingCancelled,
        null when c.Amount > p.Refundable => PaymentRejection.RefundExceedsPayment,
        null => Requested(p, c, PaymentReturns.Of(p, c.Amount)),
    };

    // What was put aside was reckoned a moment ago. Should another process have refunded the same payment meanwhile, a
    // rounding may bring back a fen less by now; then it is not covered.
    private static Decision Requested(Paid p, RequestRefund c, Returns returns) =>
        c.Held is { } held && c.Amount - returns.Fee - returns.SharesTotal > held
            ? PaymentRejection.RefundWithdrawn
            : new PaymentEvent.RefundRequested(
                c.Refund, p.Asked.Merchant, p.Asked.Channel, c.Amount, returns, c.Reason, c.NotifyUrl, c.Day, c.At,
                c.Held);

    private static Decision Confirm(Paid p, Refund refund, ConfirmRefund c) => refund switch
    {
        _ when c.Amount != refund.Amount =>
            PaymentRules.Contradiction(p, $"refund {c.Refund} amount", $"{c.Amount}", $"{refund.Amount}", c.At),
        { Status: RefundStatus.Failed } =>
            PaymentRules.Contradiction(p, $"refund {c.Refund} status", "succeeded", "failed", c.At),
        { Reference: { } known } when known != c.ChannelRefundReference => PaymentRules.Contradiction(
            p, $"refund {c.Refund} channel_reference", c.ChannelRefundReference, known, c.At),
        { Status: RefundStatus.Succeeded } => Decision.Nothing,
        _ => new PaymentEvent.RefundSucceeded(
            c.Refund, p.Asked.Merchant, p.Asked.Channel, refund.Amount, refund.Returns, c.ChannelRefundReference,
            c.RefundedAt, c.Day, refund.Held, refund.RequestedAt),
    };

    private static Decision Fail(Paid p, Refund refund, FailRefund c) => refund.Status switch
    {
        RefundStatus.Failed => Decision.Nothing,
        RefundStatus.Succeeded =>
            PaymentRules.Contradiction(p, $"refund {c.Refund} status", $"failed: {c.Code}", "succeeded", c.At),
        _ => new PaymentEvent.RefundFailed(
            c.Refund, p.Asked.Merchant, p.Asked.Channel, refund.Amount, c.Code, c.Reason, c.Day, c.At,
            refund.Held),
    };
}
