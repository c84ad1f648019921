using Jifu.Ledger.Risk;

namespace Jifu.Ledger.Settlement;

/// <summary>Everything that can happen to a settlement order (结算单).</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record SettlementEvent
{
    private SettlementEvent() { }

    /// <param name="PayoutAccount">Where it goes, as it stood when it was ordered.</param>
    public sealed record Ordered(
        MerchantId Merchant, BatchId Batch, Channel Channel, BusinessDay Day, SettlementTerm Term, Money Amount,
        string PayoutAccount, DateTimeOffset At) : SettlementEvent;

    /// <summary>Risk judged the payout; a refusal holds it until somebody looks.</summary>
    public sealed record Judged(RiskDecision Decision) : SettlementEvent;

    /// <summary>The payout (代付) is about to be asked of the bank. Moves money: available to in transit.</summary>
    /// <param name="Reference">Our number for this attempt; the bank pays one number once.</param>
    /// <param name="Held">What was put aside for it in the merchant's funds; null when nothing was.</param>
    public sealed record PayoutSent(
        MerchantId Merchant, Money Amount, string Reference, BusinessDay Day, DateTimeOffset At, Money? Held = null)
        : SettlementEvent;

    /// <summary>Its outcome is unknown until a query tells.</summary>
    public sealed record PayoutOutcomeUnknown(string Reason, DateTimeOffset At) : SettlementEvent;

    /// <summary>The money has left the bank account. Moves money: in transit to bank.</summary>
    public sealed record PayoutConfirmed(
        MerchantId Merchant, Money Amount, string BankReference, BusinessDay Day, DateTimeOffset At) : SettlementEvent;

    /// <summary>The bank refused it. Moves money: in transit back to available.</summary>
    public sealed record PayoutFailed(
        MerchantId Merchant, Money Amount, string Code, string Reason, BusinessDay Day, DateTimeOffset At)
        : SettlementEvent;

    /// <summary>The bank has sent a payout back (退汇) that it had confirmed. Moves money: bank to available.</summary>
    /// <param name="Reference">Our number for the attempt that came back.</param>
    /// <param name="Line">The line of the bank's statement by which it came.</param>
    public sealed record PayoutReturned(
        MerchantId Merchant, Money Amount, string Reference, string BankReference, string Line, BusinessDay Day,
        DateTimeOffset At) : SettlementEvent;
}
