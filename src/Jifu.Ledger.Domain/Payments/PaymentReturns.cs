using Jifu.Ledger.Fees;

namespace Jifu.Ledger.Payments;

/// <summary>What a refund brings back besides the payer's money: fee, cost and shares, each in proportion.</summary>
public static class PaymentReturns
{
    public static Returns Of(Payment.Paid paid, Money refund)
    {
        var after = paid.RefundedOrHeld + refund;
        var quote = paid.Terms.Quote;
        return new(
            Part(quote.Fee, quote.FeeOnRefund, paid, after, returns => returns.Fee),
            Part(quote.Cost, quote.CostOnRefund, paid, after, returns => returns.Cost),
            paid.Splits.SelectMany(split => SharesBack(paid, new(split.Key), split.Value, after)).ToValueList());
    }

    /// <summary>What a merchant must have for a refund: its amount less what it is sure to bring back.</summary>
    public static Money Need(PaymentEvent.RefundRequested asked)
    {
        var need = asked.Amount - asked.Returns.Fee - asked.Returns.SharesTotal;
        return need.IsPositive ? need : Money.Zero(need.Currency);
    }

    /// <summary>What a merchant must have for a cancellation: all that was paid, less fee and shares that come
    /// back.</summary>
    public static Money NeedToCancel(Payment.Paid paid)
    {
        var returns = All(paid);
        var need = paid.Asked.Amount - returns.Fee - returns.SharesTotal;
        return need.IsPositive ? need : Money.Zero(need.Currency);
    }

    /// <summary>All that is still out: what a cancellation brings back.</summary>
    public static Returns All(Payment.Paid paid) => new(
        paid.Terms.Quote.Fee,
        paid.Terms.Quote.Cost,
        paid.Splits.SelectMany(split => split.Value.Shares.Select(
            share => new ShareReturn(new(split.Key), share.Receiver, share.Amount))).ToValueList());

    private static Money Part(
        Money whole, FeeOnRefund policy, Payment.Paid paid, Money after, Func<Returns, Money> returned) =>
        policy == FeeOnRefund.Kept
            ? paid.Zero
            : Proportion.RoundedReturn(
                whole, paid.LiveRefunds.Aggregate(paid.Zero, (sum, r) => sum + returned(r.Returns)), paid.Asked.Amount,
            after);

    private static IEnumerable<ShareReturn> SharesBack(Payment.Paid paid, SplitId id, PaidSplit split, Money after)
    {
        var refunded = after - split.RefundedBefore;
        if (!refunded.IsPositive)
            yield break;

        foreach (var share in split.Shares)
        {
            var before = paid.LiveRefunds.SelectMany(refund => refund.Returns.Shares)
                .Where(back => back.Split == id && back.Receiver == share.Receiver)
                .Aggregate(paid.Zero, (sum, back) => sum + back.Amount);
            var due = Proportion.RoundedReturn(
                share.Amount, before, paid.Asked.Amount - split.RefundedBefore, refunded);
            if (due.IsPositive)
                yield return new(id, share.Receiver, due);
        }
    }
}
