using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>What somebody has asked for, and another has to say yes to.</summary>
/// <param name="Remedy">Null: to undo the closing.</param>
/// <param name="BasedOn">The version of the difference that was looked at.</param>
public sealed record Proposal(int Number, Remedy? Remedy, string Reason, string By, int BasedOn);

/// <summary>How a difference was closed, and where its money went.</summary>
/// <param name="With">What met or matched it; empty when people closed it.</param>
/// <param name="Remedy">What people closed it by; null otherwise.</param>
/// <param name="IsUndone">True when people have undone it.</param>
/// <param name="By">Who of them approved it; empty when nobody had to.</param>
public sealed record Closing(
    string With, Remedy? Remedy, ValueList<SuspenseShare> Shares, bool IsUndone = false, string By = "")
{
    /// <summary>True while this other difference stands for it.</summary>
    public bool IsWith(DifferenceId other) =>
        !IsUndone && With.Contains(other.Value, StringComparison.Ordinal);
}

/// <summary>What merchants give back when a difference is undone: it has to be put aside before, under this
/// name.</summary>
/// <param name="IsRefusable">True when merchants give back only what they have, since people ask for it. What was
/// never theirs they give back whether they have it or not.</param>
public sealed record MerchantsBack(HoldId Hold, ValueList<SuspenseShare> Shares, bool IsRefusable = false)
{
    /// <summary>What merchants were given by these; null when nothing.</summary>
    public static MerchantsBack? Of(HoldId hold, ValueList<SuspenseShare> shares, bool isRefusable = false) =>
        shares.Where(share => share.To.Kind is AccountKind.MerchantAvailable && share.Amount.IsPositive).ToValueList()
            is not [] and var given
            ? new(hold, given, isRefusable)
            : null;
}

/// <summary>What is known of a difference in every state.</summary>
/// <param name="Left">What is in suspense for it.</param>
/// <param name="Version">How many events its life has had since it was opened.</param>
/// <param name="Last">The newest proposal, whatever became of it.</param>
/// <param name="Settled">The last proposal that was decided, with who decided; so that a repeat is known.</param>
/// <param name="Meetings">What has met or matched it, for all of it or a part. One that people undid stays, so that
/// no run does it again.</param>
/// <param name="Given">All that suspense has given up for it and not taken back, by account.</param>
public sealed record DifferenceLife(
    Finding Finding, Money Left, int Version, Proposal? Last, Settled? Settled, ValueList<Closing> Meetings,
    ValueList<SuspenseShare> Given)
{
    /// <summary>Null when no merchant was given anything.</summary>
    public MerchantsBack? Back => MerchantsBack.Of(HoldId.Of(Finding), Given);

    /// <summary>True once people have undone what a rule had closed: no rule takes it any more, whatever it
    /// says.</summary>
    public bool IsLeftToPeople => Meetings.Any(
        met => met.IsUndone && met.With.StartsWith(DifferenceRules.ByRule, StringComparison.Ordinal));

    internal DifferenceLife Less(ValueList<SuspenseShare> shares) => this with
    {
        Left = shares.Aggregate(Left, (left, share) => left - share.Amount),
        Given = Given.Concat(shares).GroupBy(share => share.To)
            .Select(to => new SuspenseShare(to.Key, to.Select(share => share.Amount).Sum(Left.Currency)))
            .Where(share => !share.Amount.IsZero).ToValueList(),
    };
}

/// <summary>Who decided about a proposal, and how.</summary>
public sealed record Settled(int Proposal, string By, bool Approved);

/// <summary>One difference between a channel's bill and our books, from its finding to its closing.</summary>
public abstract record Difference
{
    private Difference() { }

    public static readonly Difference Initial = new Unknown();

    public sealed record Unknown : Difference;

    /// <summary>One that has a history.</summary>
    public abstract record Known(DifferenceLife Life) : Difference
    {
        /// <summary>The proposal that waits for another person; null when there is none.</summary>
        public virtual Proposal? Asked => null;
    }

    public sealed record Open(DifferenceLife Life) : Known(Life);

    public sealed record Proposed(DifferenceLife Life, Proposal Proposal) : Known(Life)
    {
        public override Proposal? Asked => Proposal;
    }

    /// <summary>Approved; the order's own success has to book it.</summary>
    public sealed record CarryingOut(DifferenceLife Life, Proposal Proposal) : Known(Life);

    /// <summary>Nothing is left in suspense for it.</summary>
    /// <param name="Reversal">What was proposed since: to undo it, or to end a hold.</param>
    public sealed record Closed(DifferenceLife Life, Closing Closing, Proposal? Reversal) : Known(Life)
    {
        public override Proposal? Asked => Reversal;

        /// <summary>True while somebody still looks for the reason (挂账).</summary>
        public bool IsHeld => Closing.Remedy?.Kind is RemedyKind.Hold;

        /// <summary>What merchants give back when a reversal is approved; null when they were given nothing.</summary>
        public MerchantsBack? BackByReversal(int proposal) => MerchantsBack.Of(
            HoldId.OfReversal(Life.Finding.Id, proposal), Closing.Shares, isRefusable: true);
    }

    /// <summary>The bill that had it was replaced.</summary>
    public sealed record TakenBack(DifferenceLife Life) : Known(Life);
}
