using Jifu.Ledger.Funds;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>Everything that can happen to a difference after it was found.</summary>
/// <remarks>
/// Finding it has put its excess into suspense; each event here that moves money carries the shares in which suspense
/// gives it up, or takes it back where they are negative. So a difference's suspense is what is left of it, always.
/// These names and shapes are the storage format. Add cases; never rename, reorder or remove them.
/// </remarks>
public abstract record DifferenceEvent
{
    private DifferenceEvent() { }

    /// <summary>Its life begins, as it was found. Moves nothing: finding it did.</summary>
    public sealed record Opened(
        Channel Channel, BusinessDay Day, string Class, string Key, string Field, string Theirs, string Ours,
        Money Excess, long Position) : DifferenceEvent;

    /// <summary>Somebody wants it closed.</summary>
    /// <param name="Proposal">Counts the proposals of this difference from 1.</param>
    /// <param name="BasedOn">The version of the difference that was looked at.</param>
    public sealed record Proposed(
        int Proposal, Remedy Remedy, string Reason, string By, int BasedOn, DateTimeOffset At) : DifferenceEvent;

    /// <summary>Somebody wants its closing undone.</summary>
    public sealed record ReversalProposed(int Proposal, string Reason, string By, int BasedOn, DateTimeOffset At)
        : DifferenceEvent;

    /// <summary>Another person said no.</summary>
    public sealed record Rejected(int Proposal, string Reason, string By, DateTimeOffset At) : DifferenceEvent;

    /// <summary>Whoever proposed it no longer does.</summary>
    public sealed record Withdrawn(int Proposal, string Reason, string By, DateTimeOffset At) : DifferenceEvent;

    /// <summary>Another person said yes, and the order's own success has to carry it out.</summary>
    public sealed record Approved(int Proposal, string By, DateTimeOffset At) : DifferenceEvent;

    /// <summary>The order could not carry out what was approved; the difference is open again.</summary>
    public sealed record NotCarriedOut(int Proposal, string Reason, DateTimeOffset At) : DifferenceEvent;

    /// <summary>Closed by what one person proposed and another approved. Moves money.</summary>
    /// <param name="By">Who approved it.</param>
    /// <param name="Day">The business day on which it counts.</param>
    public sealed record Closed(
        Channel Channel, BusinessDay Day, int Proposal, Remedy Remedy, string By, ValueList<SuspenseShare> Shares,
        DateTimeOffset At) : DifferenceEvent;

    /// <summary>The other side has arrived, for all of it or a part. Moves money.</summary>
    /// <param name="With">What met it: <c>difference d0a1…</c>, <c>payment:p17</c>.</param>
    /// <param name="Left">What is still in suspense for it.</param>
    public sealed record Met(
        Channel Channel, BusinessDay Day, string With, ValueList<SuspenseShare> Shares, Money Left,
        DateTimeOffset At) : DifferenceEvent;

    /// <summary>An approved rule explains it. Moves money.</summary>
    /// <param name="With">The differences that the rule took together, this one among them.</param>
    public sealed record Matched(
        Channel Channel, BusinessDay Day, string Rule, int RuleVersion, ValueList<DifferenceId> With,
        ValueList<SuspenseShare> Shares, DateTimeOffset At) : DifferenceEvent;

    /// <summary>Its closing is undone by the counter-entry, and it is open again. Moves money.</summary>
    /// <param name="With">What had met or matched it; empty when people had closed it.</param>
    /// <param name="Shares">Those of the closing, with the other sign.</param>
    /// <param name="Proposal">The reversal that was approved; null when nobody had to say yes: what had met it was
    /// taken back, or a hold ends.</param>
    /// <param name="Hold">The name under which a merchant's share was put aside before; null when no merchant gives
    /// anything back.</param>
    public sealed record Reopened(
        Channel Channel, BusinessDay Day, string With, string Reason, string By, ValueList<SuspenseShare> Shares,
        DateTimeOffset At, int? Proposal = null, HoldId? Hold = null) : DifferenceEvent;

    /// <summary>The bill that had it was replaced, so that finding it was taken back; and with it all that had been
    /// done about it since. Moves money.</summary>
    /// <param name="Shares">All that was given, with the other sign.</param>
    /// <param name="Hold">The name under which merchants' shares were put aside before; null when no merchant gives
    /// anything back, and in events of before they were held for.</param>
    public sealed record Undone(
        Channel Channel, BusinessDay Day, string Reason, ValueList<SuspenseShare> Shares, DateTimeOffset At,
        HoldId? Hold = null) : DifferenceEvent;
}
