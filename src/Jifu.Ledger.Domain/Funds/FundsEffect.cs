using Jifu.Ledger.Clearing;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Funds;

/// <summary>What one event does to the <see cref="FundsFacts"/> of a merchant; a pure function of the event.</summary>
/// <remarks>
/// It is what the event posts on the merchant's pending and available accounts, and besides: a hold takes its amount at
/// once, and what was held for gives it back as it posts. So of a refund, split or payout that was held for, the hold
/// alone lowers the facts. The property on which <see cref="MerchantFunds"/> rests: only its own events lower them, but
/// for cancellations and undone closings of before they were held for.
/// </remarks>
/// <param name="Facts">What is added.</param>
public readonly record struct FundsEffect(MerchantId Merchant, FundsFacts Facts)
{
    /// <summary>The effects of an event; none for most.</summary>
    /// <param name="event">Any event of the ledger.</param>
    public static ValueList<FundsEffect> Of(object @event) => @event switch
    {
        PaymentEvent.Succeeded e => [Free(e.Merchant, e.Amount - e.Fee)],
        PaymentEvent.SplitMade e => [Free(e.Merchant, (e.Held ?? Zero(Total(e))) - Total(e))],
        PaymentEvent.Cancelled e => [Free(e.Merchant, Back(e.Returns) - e.Amount + (e.Held ?? Zero(e.Amount)))],
        PaymentEvent.CancelRefused { Merchant: { } merchant, Held: { } held } => [Free(merchant, held)],

        // A refund that was held for counts at once what it is sure to bring back: its amount less its hold.
        PaymentEvent.RefundRequested e => [Free(e.Merchant, e.Held is null ? -e.Amount : Zero(e.Amount))],
        PaymentEvent.RefundSucceeded e => [Free(e.Merchant, Back(e.Returns) - Counted(e.Amount, e.Held))],
        PaymentEvent.RefundFailed e => [Free(e.Merchant, e.Amount - Counted(e.Amount, e.Held))],

        ClearingEvent.MerchantCleared e => [Cleared(e.Position)],
        SettlementEvent.PayoutSent e => [Available(e.Merchant, (e.Held ?? Zero(e.Amount)) - e.Amount)],
        SettlementEvent.PayoutFailed e => [Available(e.Merchant, e.Amount)],
        SettlementEvent.PayoutReturned e => [Available(e.Merchant, e.Amount)],

        FundsEvent.Held e => [Outwards(e.Merchant, e.Amount, e.Hold.IsOfAvailable)],
        FundsEvent.Released e => [Outwards(e.Merchant, -e.Amount, e.Hold.IsOfAvailable)],
        FundsEvent.Transferred { To: { Kind: AccountKind.MerchantAvailable } to } e =>
            [Outwards(e.Merchant, e.Amount, true), Available(new(to.Owner), e.Amount)],
        FundsEvent.Transferred e => [Outwards(e.Merchant, e.Amount, true)],
        DifferenceEvent.Closed e => Given(e.Shares),
        DifferenceEvent.Reopened e => TakenBack(e.Shares, e.Hold),
        DifferenceEvent.Undone e => TakenBack(e.Shares, e.Hold),
        _ => [],
    };

    private static FundsEffect Free(MerchantId merchant, Money amount) =>
        new(merchant, FundsFacts.None(amount.Currency) with { Free = amount });

    private static FundsEffect Available(MerchantId merchant, Money amount) =>
        new(merchant, FundsFacts.None(amount.Currency) with { Free = amount, Available = amount });

    // What is taken back was held for before: by a reversal if the merchant has it, by a bill that is replaced in any
    // case, for then it never was the merchant's.
    private static ValueList<FundsEffect> TakenBack(ValueList<SuspenseShare> shares, HoldId? hold) =>
        Given(hold is null ? shares : shares.Where(share => share.Amount.IsPositive).ToValueList());

    private static ValueList<FundsEffect> Given(ValueList<SuspenseShare> shares) => shares
        .Where(share => share.To.Kind is AccountKind.MerchantAvailable)
        .Select(share => Available(new(share.To.Owner), share.Amount)).ToValueList();

    private static FundsEffect Cleared(MerchantPosition position) => new(
        position.Merchant, FundsFacts.None(position.Gross.Currency) with { Available = position.Payable });

    private static FundsEffect Outwards(MerchantId merchant, Money amount, bool ofAvailable)
    {
        var ofIt = ofAvailable ? amount : Zero(amount);
        return new(merchant, new(-amount, -ofIt, amount, ofIt));
    }

    private static Money Counted(Money amount, Money? held) => held is { } put ? amount - put : Zero(amount);
    private static Money Back(Returns returns) => returns.Fee + returns.SharesTotal;
    private static Money Total(PaymentEvent.SplitMade e) => Split.Total(e.Shares, e.Shares[0].Amount.Currency);
    private static Money Zero(Money like) => Money.Zero(like.Currency);
}
