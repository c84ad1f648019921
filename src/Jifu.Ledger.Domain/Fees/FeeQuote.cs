namespace Jifu.Ledger.Fees;

/// <summary>The fee and the cost of one payment, fixed when it is made: later changes of a plan do not touch
/// it.</summary>
/// <param name="Rate">The merchant's rate.</param>
/// <param name="Fee">What the merchant pays: the rate of the amount, rounded half to even once per payment.</param>
/// <param name="FeeOnRefund">Whether refunds return the fee.</param>
/// <param name="CostRate">The channel's rate for us.</param>
/// <param name="Cost">What the channel charges us, rounded the same way.</param>
/// <param name="CostOnRefund">Whether the channel returns its charge on refunds.</param>
public sealed record FeeQuote(
    Rate Rate, Money Fee, FeeOnRefund FeeOnRefund, Rate CostRate, Money Cost, FeeOnRefund CostOnRefund)
{
    public static FeeQuote For(Money amount, Rate rate, FeeOnRefund onRefund, ChannelTerms terms) =>
        new(rate, rate.RoundedOf(amount), onRefund, terms.CostRate, terms.CostRate.RoundedOf(amount), terms.OnRefund);
}

/// <summary>What comes back when part of a whole is refunded.</summary>
public static class Proportion
{
    /// <summary>
    /// The part of <paramref name="whole"/> to give back now, so that all that was given back stays in proportion to
    /// all
    /// that was refunded, and a full refund gives back everything: rounded half to even on the running total.
    /// </summary>
    /// <param name="whole">What was taken with the payment: a fee, a cost, a share.</param>
    /// <param name="returnedBefore">What earlier refunds gave back of it.</param>
    /// <param name="paid">The amount of the payment.</param>
    /// <param name="refundedAfter">All refunds, this one included.</param>
    public static Money RoundedReturn(Money whole, Money returnedBefore, Money paid, Money refundedAfter)
    {
        var due = whole.RoundedHalfEven(refundedAfter.MinorUnits, paid.MinorUnits) - returnedBefore;

        // A refund that failed in between can leave the running total a fen ahead; it is never taken back.
        return due.IsPositive ? due : Money.Zero(whole.Currency);
    }
}
