using System.Diagnostics;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Differences;

using Decision = Decision<DifferenceEvent, DifferenceRejection>;
using static Difference;
using static DifferenceCommand;

/// <summary>What may be done with a difference. Pure and total: the first row that fits decides.</summary>
/// <remarks>Nobody approves what the same key proposed; what closes a difference leaves nothing in suspense for it; and
/// what is undone is undone by the counter-entry; and what merchants give back by it was put aside before.</remarks>
public static class DifferenceRules
{
    public static Decision Decide(Difference difference, DifferenceCommand command) =>
        Decided(difference, command) is var decision && decision.Events is not []
            && BackBy(difference, command) is { } back && back != command.Aside
            ? back == command.Lacking
                ? DifferenceRejection.ReversalTakesFromMerchant
                : DifferenceRejection.DifferenceChanged
            : decision;

    /// <summary>What has to be put aside of merchants' money before a command may be carried out.</summary>
    public static MerchantsBack? BackBy(Difference difference, DifferenceCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return difference switch
        {
            Known { Life: var life }
                when command is TakeBack
                    || (IsNews(life, command.Finding) && !life.Finding.SaysThatOf(command.Finding)) => life.Back,
            Closed { Reversal: { Remedy: null } asked } closed
                when command is Approve approved && approved.Proposal == asked.Number =>
                closed.BackByReversal(asked.Number),
            _ => null,
        };
    }

    private static bool IsNews(DifferenceLife life, Finding finding) => finding.Position > life.Finding.Position;

    private static Decision Decided(Difference difference, DifferenceCommand command) => difference switch
    {
        Unknown => command is TakeBack or Renew ? Decision.Nothing : Begun(difference, command, []),
        Known old when IsNews(old.Life, command.Finding) => Begun(
            difference, command,
            old is TakenBack || old.Life.Finding.SaysThatOf(command.Finding)
                ? []
                : [Undone(old, FoundAnew(old.Life.Finding, command.Finding), command)]),
        Known known => Decide(known, command),
        _ => throw new UnreachableException($"No rule answers {command} on {difference}."),
    };

    private static Decision Decide(Known known, DifferenceCommand command) => (known, command) switch
    {
        (_, Propose c) when IsRepeat(known, c) => Decision.Nothing,
        (TakenBack, Propose) => DifferenceRejection.DifferenceTakenBack,
        (_, Propose { Version: { } seen }) when seen != known.Life.Version => DifferenceRejection.DifferenceChanged,
        (Closed { IsHeld: false }, Propose) => DifferenceRejection.DifferenceAlreadyClosed,
        (CarryingOut or { Asked: not null }, Propose) => DifferenceRejection.ProposalAlreadyOpen,
        (_, Propose c) when c.Remedy.Forbidden(known.Life.Finding, InPlay(known), c.Today) is { } rule => rule,
        (_, Propose c) => new DifferenceEvent.Proposed(
            Next(known), c.Remedy, c.Reason, c.By, known.Life.Version, c.At),

        (Closed { Reversal: { Remedy: null } r }, ProposeReversal c) when r.By == c.By && r.Reason == c.Reason =>
            Decision.Nothing,
        (Closed { Reversal: not null }, ProposeReversal) => DifferenceRejection.ProposalAlreadyOpen,
        (Closed, ProposeReversal c) => new DifferenceEvent.ReversalProposed(
            Next(known), c.Reason, c.By, known.Life.Version, c.At),
        (TakenBack, ProposeReversal) => DifferenceRejection.DifferenceTakenBack,
        (_, ProposeReversal) => DifferenceRejection.DifferenceNotClosed,

        (_, Approve c) when known.Life.Settled == new Settled(c.Proposal, c.By, true) => Decision.Nothing,
        (_, Reject c) when known.Life.Settled == new Settled(c.Proposal, c.By, false) => Decision.Nothing,

        // Whoever else says yes lets it go on where the first one's request ended.
        (CarryingOut p, Approve c) when p.Proposal.Number == c.Proposal => p.Proposal.By == c.By
            ? DifferenceRejection.ApproverIsProposer
            : Decision.Nothing,
        (_, Approve c) when known.Asked?.Number != c.Proposal => DifferenceRejection.ProposalNotFound,
        (_, Reject c) when known.Asked?.Number != c.Proposal => DifferenceRejection.ProposalNotFound,
        (_, Approve c) when known.Asked!.By == c.By => DifferenceRejection.ApproverIsProposer,
        (Proposed { Proposal.Remedy.IsByOrder: true }, Approve c) =>
            new DifferenceEvent.Approved(c.Proposal, c.By, c.At),
        (Closed { Reversal.Remedy.IsByOrder: true } held, Approve c) => Decision.All(
            Reopened(held, held.Reversal!.Reason, c), new DifferenceEvent.Approved(c.Proposal, c.By, c.At)),
        (Closed closed, Approve c) when closed.Reversal!.Remedy is { } remedy => Decision.All(
            Reopened(closed, closed.Reversal!.Reason, c), ClosedBy(closed.Life, remedy, InPlay(closed), c)),
        (Closed closed, Approve c) => Reopened(closed, closed.Reversal!.Reason, c, c.Proposal) with
        {
            Hold = closed.BackByReversal(c.Proposal)?.Hold,
        },
        (Proposed p, Approve c) => ClosedBy(p.Life, p.Proposal.Remedy!, p.Life.Left, c),
        (_, Reject c) => known.Asked!.By == c.By
            ? new DifferenceEvent.Withdrawn(c.Proposal, c.Reason, c.By, c.At)
            : new DifferenceEvent.Rejected(c.Proposal, c.Reason, c.By, c.At),

        (CarryingOut p, GiveUp c) when p.Proposal.Number == c.Proposal =>
            new DifferenceEvent.NotCarriedOut(c.Proposal, c.Reason, c.At),
        (_, GiveUp) => Decision.Nothing,

        _ => DecideOfItself(known, command),
    };

    // What runs do, not people. A run comes again and again, so whatever is done already is no news.
    private static Decision DecideOfItself(Known known, DifferenceCommand command) => (known, command) switch
    {
        (_, Meet c) when Meeting(known, c.With) is not null => Decision.Nothing,
        (Closed { IsHeld: false } or TakenBack, Meet) => Decision.Nothing,
        (Closed held, Meet c) => Decision.All(Reopened(held, c.With, c), Met(held.Life, InPlay(held), c)),
        (_, Meet c) => Met(known.Life, known.Life.Left, c),

        (_, Match c) when Meeting(known, NameOf(c.Rule, c.RuleVersion, c.With)) is not null => Decision.Nothing,
        (TakenBack, Match) => DifferenceRejection.DifferenceTakenBack,
        (Closed, Match) => DifferenceRejection.DifferenceAlreadyClosed,
        (Open open, Match c) when open.Life.IsLeftToPeople || !open.Life.Less(c.Shares).Left.IsZero =>
            DifferenceRejection.DifferenceChanged,
        (Open, Match c) => new DifferenceEvent.Matched(
            c.Finding.Channel, c.Today, c.Rule, c.RuleVersion, c.With, c.Shares, c.At),
        (_, Match) => DifferenceRejection.ProposalAlreadyOpen,

        (not TakenBack, Part c) when known.Life.Meetings.FirstOrDefault(m => m.IsWith(c.With)) is { } meeting =>
            Parted(known, meeting, c),
        (_, Part) => Decision.Nothing,

        (TakenBack, TakeBack) => Decision.Nothing,
        (_, TakeBack c) => Undone(known, c.Reason, c),
        (_, Renew) => Decision.Nothing,

        _ => throw new UnreachableException($"No rule answers {command} on {known}."),
    };

    private static Closing? Meeting(Known known, string with) =>
        known.Life.Meetings.FirstOrDefault(meeting => meeting.With == with);

    /// <summary>What stands in the reason of an undoing between why it is and what people had agreed on.</summary>
    public const string UndoesClosing = "; undoes ";

    /// <summary>How what a closing by a rule is known by begins.</summary>
    internal const string ByRule = "rule ";

    /// <summary>What a closing by a rule is known by.</summary>
    public static string NameOf(string rule, int version, IEnumerable<DifferenceId> with) =>
        FormattableString.Invariant($"{ByRule}{rule} v{version}: {string.Join(' ', with)}");

    private static Decision Begun(
        Difference difference, DifferenceCommand command, IReadOnlyList<DifferenceEvent> before)
    {
        var f = command.Finding;
        List<DifferenceEvent> events =
        [
            .. before,
            new DifferenceEvent.Opened(
                f.Channel, f.Day, f.Class, f.Key, f.Field, f.Theirs, f.Ours, f.Excess, f.Position),
        ];
        var decision = Decide(events.Aggregate(difference, DifferenceHistory.Evolve), command);

        // A refusal opens nothing; but what was found again is, whatever comes of the command.
        return decision.Rejection is not null || (decision.Events is [] && command is not Renew)
            ? decision
            : Decision.All([.. events, .. decision.Events]);
    }

    // The same words of the same person about the same version are one proposal, however late they come again.
    private static bool IsRepeat(Known known, Propose c) =>
        known.Life.Last is { Remedy: { } remedy } last && remedy == c.Remedy && last.Reason == c.Reason
        && last.By == c.By && (c.Version is { } seen
            ? seen == last.BasedOn
            : known.Asked == last || (known is Closed or CarryingOut && known.Life.Settled?.Proposal == last.Number));

    private static int Next(Known known) => (known.Life.Last?.Number ?? 0) + 1;

    /// <summary>What a closing would move now: what is left, or what the hold gives back.</summary>
    public static Money InPlay(Known known) => known is Closed closed
        ? closed.Closing.Shares.Aggregate(known.Life.Left, (sum, share) => sum + share.Amount)
        : known.Life.Left;

    private static DifferenceEvent.Closed ClosedBy(DifferenceLife life, Remedy remedy, Money left, Approve c) =>
        new DifferenceEvent.Closed(
            life.Finding.Channel, c.Today, c.Proposal, remedy, c.By, remedy.Shares(life.Finding.Channel, left), c.At);

    private static DifferenceEvent.Reopened Reopened(
        Closed closed, string reason, DifferenceCommand c, int? proposal = null) =>
        Apart(closed.Closing, reason, c, proposal);

    // What closed the rest of it closed what the meeting had left, and ends with it: as Closed alone tells what it was,
    // nobody could reverse it afterwards. What a merchant was given stays given, and so does what others stand for too.
    private static Decision Parted(Known known, Closing meeting, Part c) =>
        known is Closed { Closing: var rest } closed && rest != meeting && !GivesToMerchant(rest)
        && (rest.With.Length == 0 || rest.With.EndsWith($": {known.Life.Finding.Id}", StringComparison.Ordinal))
            ? Decision.All(Reopened(closed, c.Reason, c), Apart(meeting, c.Reason, c, null))
            : Apart(meeting, c.Reason, c, null);

    private static bool GivesToMerchant(Closing closing) =>
        closing.Shares.Any(share => share.To.Kind is AccountKind.MerchantAvailable);

    private static DifferenceEvent.Reopened Apart(Closing closing, string reason, DifferenceCommand c, int? proposal) =>
        new(
            c.Finding.Channel, c.Today, closing.With, reason, c.By,
            closing.Shares.Select(share => share with { Amount = -share.Amount }).ToValueList(), c.At, proposal);

    private static DifferenceEvent.Met Met(DifferenceLife life, Money left, Meet c) => new DifferenceEvent.Met(
        life.Finding.Channel, c.Today, c.With, c.Shares,
        c.Shares.Aggregate(left, (sum, share) => sum - share.Amount), c.At);

    private static string FoundAnew(Finding old, Finding now) => old.Excess != now.Excess
        ? $"found with {now.Excess} instead of {old.Excess}"
        : $"found with {now.Theirs} and {now.Ours} instead of {old.Theirs} and {old.Ours}";

    // What two people have agreed on does not vanish without a word.
    private static string Undoing(Known known) => known is Closed { Closing: { Remedy: { } remedy } closing }
        ? $"{UndoesClosing}{SnakeCase.Of($"{remedy.Kind}")} of "
            + $"{remedy.Moves ?? closing.Shares.Select(share => share.Amount).Sum(known.Life.Left.Currency)}, "
            + $"approved by {closing.By}"
        : "";

    private static DifferenceEvent.Undone Undone(Known known, string reason, DifferenceCommand c) => new(
        c.Finding.Channel, c.Today, reason + Undoing(known),
        known.Life.Given.Select(share => share with { Amount = -share.Amount }).ToValueList(), c.At,
        known.Life.Back?.Hold);
}
