namespace Jifu.Ledger.Settlement;

/// <summary>When a merchant gets its money (结算周期): two values of one thing, cleared by the same code.</summary>
public enum SettlementTerm
{
    /// <summary>The day after the business day, in the batch that closes it.</summary>
    T1,

    /// <summary>On the business day itself, on demand; we advance what the channel pays later.</summary>
    T0,
}
