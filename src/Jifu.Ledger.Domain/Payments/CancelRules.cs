using System.Diagnostics;

namespace Jifu.Ledger.Payments;

using Decision = Decision<PaymentEvent, PaymentRejection>;
using static Payment;
using static PaymentCommand;

/// <summary>What may be cancelled (撤销). Asked by <see cref="PaymentRules"/> once a payment was paid.</summary>
internal static class CancelRules
{
    public static Decision Decide(Made payment, PaymentCommand command) => (payment, command) switch
    {
        (Cancelled, RequestCancel or WithdrawCancel or ConfirmCancel) => Decision.Nothing,
        (Cancelled, _) => PaymentRejection.PaymentAlreadyCancelled,
        (Paid { Cancelling: true }, RequestCancel) => Decision.Nothing,
        (Paid p, RequestCancel) when p.LiveRefunds.Any() => PaymentRejection.CancelAfterRefund,
        (Paid p, RequestCancel c) when c.Day != p.Day => PaymentRejection.CancelDayPassed,
        (Paid, RequestCancel { Held: null } c) => new PaymentEvent.CancelRequested(c.Reason, c.At),

        // What was put aside was for an attempt that has had its end meanwhile, or is too little by now.
        (Paid p, RequestCancel { Held: { } held } c) when c.No != p.CancelNo || PaymentReturns.NeedToCancel(p) > held =>
            PaymentRejection.CancelWithdrawn,
        (Paid p, RequestCancel c) =>
            new PaymentEvent.CancelRequested(c.Reason, c.At, p.Asked.Merchant, c.No, c.Held),
        (Paid p, WithdrawCancel c) => c.No < p.CancelNo || p.Cancelling
            ? Decision.Nothing
            : new PaymentEvent.CancelWithdrawn(c.No, c.Reason, c.At),
        (Paid { Cancelling: false }, _) => PaymentRejection.CancelNotRequested,
        (Paid p, ConfirmCancel c) => new PaymentEvent.Cancelled(
            p.Asked.Merchant, p.Asked.Channel, p.Asked.Amount, PaymentReturns.All(p), c.ChannelReference, c.Day, c.At,
            p.CancelHeld),
        (Paid p, RefuseCancel c) => new PaymentEvent.CancelRefused(
            c.Code, c.Reason, c.At, p.CancelHeld is null ? null : p.Asked.Merchant, p.CancelHeld),
        _ => throw new UnreachableException($"No rule answers {command} on {payment}."),
    };
}
