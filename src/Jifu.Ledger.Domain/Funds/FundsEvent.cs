using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Funds;

/// <summary>Everything that can happen to what a merchant may give away: one stream a merchant, so that nothing leaves
/// it unseen by the next.</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record FundsEvent
{
    private FundsEvent() { }

    /// <summary>An amount is put aside for what is about to leave (预占). Posts nothing: the refund, split or payout
    /// that it is for does.</summary>
    public sealed record Held(HoldId Hold, MerchantId Merchant, Money Amount, DateTimeOffset At) : FundsEvent;

    /// <summary>What it was put aside for will not happen, and the amount is free again.</summary>
    public sealed record Released(HoldId Hold, MerchantId Merchant, Money Amount, string Reason, DateTimeOffset At)
        : FundsEvent;

    /// <summary>Cleared money given to another account (转账). Moves money.</summary>
    public sealed record Transferred(
        TransferId Transfer, MerchantId Merchant, Account To, Money Amount, string Reason, BusinessDay Day,
        DateTimeOffset At) : FundsEvent;

    /// <summary>How far below zero the merchant may go from now on (授信额度). It judges what leaves after it, never
    /// what has left.</summary>
    public sealed record OverdraftLimitSet(MerchantId Merchant, Money Limit, string Reason, DateTimeOffset At)
        : FundsEvent;
}
