using System.Diagnostics;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Payments;

using Decision = Decision<PaymentEvent, PaymentRejection>;
using static Payment;
using static PaymentCommand;

/// <summary>What may be done with a payment. Pure and total: the first row that fits decides.</summary>
public static class PaymentRules
{
    /// <summary>The code of an order that ends because the channel took another amount for it.</summary>
    public const string AnotherAmountPaid = "another_amount_paid";

    public static Decision Decide(Payment payment, PaymentCommand command) => (payment, command) switch
    {
        (NotStarted, Create { Order.Amount.IsPositive: false }) => PaymentRejection.AmountNotPositive,
        (NotStarted, Create c) => Draft(c),
        (NotStarted, _) => PaymentRejection.PaymentNotFound,

        // The same order again is not news; the same number for another order is refused.
        (Made p, Create c) when c.Order == p.Asked => Decision.Nothing,
        (Made, Create) => PaymentRejection.MerchantOrderNoReused,

        (Pending { Credential: null }, Accept c) => new PaymentEvent.Accepted(c.Credential, c.At),
        (Made, Accept) => Decision.Nothing,

        (Pending { UnknownBecause: null }, MarkUnknown c) => new PaymentEvent.OutcomeUnknown(c.Reason, c.At),
        (Made, MarkUnknown) => Decision.Nothing,

        (Pending p, Succeed c) when c.Amount != p.Asked.Amount =>
            Contradiction(p, "amount", $"{c.Amount}", $"{p.Asked.Amount}", c.At),
        (Pending p, Succeed c) => Success(p, c),
        (Paid p, Succeed c) => Repeated(p, p, c),
        (Cancelled p, Succeed c) => Repeated(p, p.Was, c),
        (Made p, Succeed c) => Contradiction(p, "status", "paid", p.GetType().Name, c.At),

        (Pending, Fail c) => new PaymentEvent.Failed(c.Code, c.Reason, c.At),
        (Paid p, Fail c) => Contradiction(p, "status", $"failed: {c.Code}", nameof(Paid), c.At),
        (Made, Fail) => Decision.Nothing,

        (Pending p, FailForAmount c) when p.IsContradictedBy(c.Theirs) => new PaymentEvent.Failed(
            AnotherAmountPaid, $"The channel took {c.Theirs}, and {p.Asked.Amount} were ordered.", c.At),
        (Failed or Closed or Refused, FailForAmount) => Decision.Nothing,
        (Made p, FailForAmount) => NotPending(p),

        (Pending, Close c) => new PaymentEvent.Closed(c.At),
        (Closed, Close) => Decision.Nothing,
        (Made p, Close) => NotPending(p),

        (Paid or Cancelled, RequestCancel or WithdrawCancel or ConfirmCancel or RefuseCancel) =>
            CancelRules.Decide((Made)payment, command),
        (Paid p, MakeSplit c) => DecideSplit(p, c),
        (Paid p, WithdrawSplit c) => p.Splits.ContainsKey(c.Split.Value) || p.Withdrawn.Contains(Paid.NameOf(c.Split))
            ? Decision.Nothing
            : new PaymentEvent.SplitWithdrawn(c.Split, c.Reason, c.At),
        (Cancelled, WithdrawSplit) => Decision.Nothing,
        (Paid or Cancelled, RequestRefund or WithdrawRefund or ConfirmRefund or FailRefund or MarkRefundUnknown) =>
            RefundRules.Decide((Made)payment, command),
        (Made p, _) => NotPaid(p),

        _ => throw new UnreachableException($"No rule answers {command} on {payment}."),
    };

    private static Decision Draft(Create c)
    {
        var made = new PaymentEvent.Created(c.Order, c.Terms, c.At);
        var judged = new PaymentEvent.Judged(c.Decision);
        return c.Decision.Passed
            ? Decision.All(made, judged, new PaymentEvent.SentToChannel(c.Order.Channel, c.At))
            : Decision.All(made, judged);
    }

    private static Decision Success(Pending p, Succeed c)
    {
        var (order, quote) = (p.Asked, p.Terms.Quote);
        var paid = new PaymentEvent.Succeeded(
            order.Merchant, order.Channel, order.Amount, quote.Fee, quote.Cost, c.ChannelReference, c.PaidAt, c.Day);
        return p.Terms.Shares is []
            ? paid
            : Decision.All(paid, new PaymentEvent.SplitMade(
                SplitByTerms, order.Merchant, order.Channel, p.Terms.Shares, c.Day, c.At));
    }

    // A channel repeats its notice until we answer, so a repeat is not news; a different story is.
    private static Decision Repeated(Made p, Paid paid, Succeed c) => c switch
    {
        _ when c.Amount != p.Asked.Amount => Contradiction(p, "amount", $"{c.Amount}", $"{p.Asked.Amount}", c.At),
        _ when c.ChannelReference != paid.ChannelReference =>
            Contradiction(p, "channel_reference", c.ChannelReference, paid.ChannelReference, c.At),
        _ => Decision.Nothing,
    };

    internal static Decision Contradiction(Made p, string field, string theirs, string ours, DateTimeOffset at) =>
        p.Contradictions.Contains(PaymentHistory.KeyOf(field, theirs))
            ? Decision.Nothing
            : new PaymentEvent.ContradictionSeen(field, theirs, ours, at);

    private static Decision DecideSplit(Paid p, MakeSplit c)
    {
        if (p.Splits.TryGetValue(c.Split.Value, out var made))
            return c.Split != SplitByTerms && made.Shares.Equals(Planned(p, c, p.Asked.Amount, out _))
                ? Decision.Nothing
                : PaymentRejection.SplitNoReused;
        if (p.Withdrawn.Contains(Paid.NameOf(c.Split)))
            return PaymentRejection.SplitWithdrawn;
        if (p.Cancelling)
            return PaymentRejection.PaymentBeingCancelled;
        var shares = Planned(p, c, p.Splittable, out var rejection);
        if (rejection is { } refused)
            return Enum.Parse<PaymentRejection>($"{refused}");

        // Every share came to nothing: a split that moves no money is no event.
        return shares is []
            ? PaymentRejection.SplitAmountNotPositive
            : new PaymentEvent.SplitMade(c.Split, p.Asked.Merchant, p.Asked.Channel, shares, c.Day, c.At, c.Held);
    }

    private static ValueList<SplitShare> Planned(Paid p, MakeSplit c, Money available, out SplitRejection? rejection) =>
        Split.Plan(c.Rules, p.Asked.Amount, available, out rejection);

    private static PaymentRejection NotPending(Made payment) =>
        payment is Paid ? PaymentRejection.PaymentAlreadyPaid : NotPaid(payment);

    private static PaymentRejection NotPaid(Made payment) => payment switch
    {
        Drafted or Pending => PaymentRejection.PaymentStillPending,
        Refused => PaymentRejection.PaymentRefusedByRisk,
        Failed => PaymentRejection.PaymentAlreadyFailed,
        Closed => PaymentRejection.PaymentAlreadyClosed,
        Cancelled => PaymentRejection.PaymentAlreadyCancelled,
        _ => throw new UnreachableException($"{payment} is paid."),
    };
}
