namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>Everything that can be asked of a difference. Each says what was found, so that the first one opens its
/// life.</summary>
public abstract record DifferenceCommand
{
    private DifferenceCommand(Finding finding, string by, DateTimeOffset at) =>
        (Finding, By, At) = (finding, by, at);

    public Finding Finding { get; }

    /// <summary>Who asks: the key, or the run.</summary>
    public string By { get; }

    public DateTimeOffset At { get; }

    /// <summary>The business day on which what is done now counts.</summary>
    public BusinessDay Today => BusinessDay.Of(At);

    /// <summary>What was put aside of merchants' money in case the command undoes what they were given; null for
    /// nothing.</summary>
    public MerchantsBack? Aside { get; init; }

    /// <summary>What could not be put aside of it, because merchants do not have it; null otherwise.</summary>
    public MerchantsBack? Lacking { get; init; }

    /// <param name="Version">Of the difference as the proposer saw it; null to take it as it is.</param>
    public sealed record Propose(
        Finding Finding, Remedy Remedy, string Reason, int? Version, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    public sealed record ProposeReversal(Finding Finding, string Reason, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    public sealed record Approve(Finding Finding, int Proposal, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    /// <summary>Turn a proposal down; by whoever made it, withdraw it.</summary>
    public sealed record Reject(Finding Finding, int Proposal, string Reason, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    public sealed record GiveUp(Finding Finding, int Proposal, string Reason, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    /// <param name="Shares">What the arrival frees, and which account takes it.</param>
    public sealed record Meet(
        Finding Finding, string With, ValueList<SuspenseShare> Shares, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    public sealed record Match(
        Finding Finding, string Rule, int RuleVersion, ValueList<DifferenceId> With, ValueList<SuspenseShare> Shares,
        string By, DateTimeOffset At) : DifferenceCommand(Finding, By, At);

    /// <summary>What had met or matched it is gone.</summary>
    /// <param name="With">The difference that it was closed with; or the key of our line that was.</param>
    public sealed record Part(Finding Finding, DifferenceId With, string Reason, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    /// <summary>Finding it was taken back: the bill that had it was replaced.</summary>
    public sealed record TakeBack(Finding Finding, string Reason, string By, DateTimeOffset At)
        : DifferenceCommand(Finding, By, At);

    /// <summary>Notice that it was taken back and found again.</summary>
    public sealed record Renew(Finding Finding, string By, DateTimeOffset At) : DifferenceCommand(Finding, By, At);
}

/// <summary>Every rule that can refuse a command to a difference, in the order in which they are asked. The API returns
/// these names.</summary>
public enum DifferenceRejection
{
    DifferenceTakenBack,
    DifferenceChanged,
    DifferenceAlreadyClosed,
    DifferenceNotClosed,
    ProposalAlreadyOpen,
    ReversalTakesFromMerchant,
    ProposalNotFound,
    ApproverIsProposer,
    AmountNotOfCorrection,
    CorrectionAmountMissing,
    SupplementNotPossible,
    AccountNotAllowed,
    NothingToRefund,
    RefundNumberMissing,
    HoldOwnerMissing,
    HoldDayPassed,
}
