using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Clearing;

/// <summary>What a merchant's items of one batch sum to. All amounts are of one currency; every sum is what it says,
/// unsigned
/// unless noted.</summary>
/// <param name="Gross">Successful payments.</param>
/// <param name="Refunded">Refunds and cancellations that went through, and refunds whose amount is held back.</param>
/// <param name="Fees">Fees less fees returned; may be negative.</param>
/// <param name="Splits">Shares given less shares taken back; may be negative.</param>
/// <param name="BroughtForward">What an earlier batch carried forward: zero or negative.</param>
public sealed record MerchantPosition(
    MerchantId Merchant, int PaymentCount, int RefundCount, Money Gross, Money Refunded, Money Fees, Money Splits,
    Money BroughtForward)
{
    /// <summary>Successes − refunds − fees − splits, plus what was brought forward.</summary>
    public Money Net => Gross - Refunded - Fees - Splits + BroughtForward;

    /// <summary>What becomes the merchant's to take: the net when it is positive.</summary>
    public Money Payable => Net.IsPositive ? Net : Money.Zero(Gross.Currency);

    /// <summary>What the next batch starts from: the net when it is negative.</summary>
    public Money CarriedForward => Net.IsPositive ? Money.Zero(Gross.Currency) : Net;
}

/// <summary>Everything that can happen to a clearing batch (清分批次).</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record ClearingEvent
{
    private ClearingEvent() { }

    /// <summary>The batch takes every item of the channel up to the day that no batch took before this event.</summary>
    /// <param name="Merchants">For T+0: whose items it takes. Empty for T+1: everybody's.</param>
    public sealed record Opened(
        Channel Channel, BusinessDay Day, SettlementTerm Term, int Run, ValueList<MerchantId> Merchants,
        DateTimeOffset At)
        : ClearingEvent;

    /// <summary>One merchant's position is cleared. Moves money from pending to available.</summary>
    public sealed record MerchantCleared(
        BatchId Batch, Channel Channel, BusinessDay Day, SettlementTerm Term, MerchantPosition Position,
        DateTimeOffset At)
        : ClearingEvent;

    /// <summary>Nothing is left to do in the batch.</summary>
    public sealed record Closed(
        int Merchants, ValueList<Money> Payable, ValueList<Money> CarriedForward, DateTimeOffset At)
        : ClearingEvent;
}
