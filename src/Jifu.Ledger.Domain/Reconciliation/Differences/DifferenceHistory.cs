namespace Jifu.Ledger.Reconciliation.Differences;

using static Difference;

/// <summary>What a difference becomes by what happens to it.</summary>
public static class DifferenceHistory
{
    /// <exception cref="InvalidDataException">The event cannot follow: the stream is corrupt.</exception>
    public static Difference Evolve(Difference difference, DifferenceEvent @event) => (difference, @event) switch
    {
        (Unknown, DifferenceEvent.Opened e) => new Open(
            new(FindingOf(e), e.Excess, 0, null, null, [], [])),

        // Found again it is a new one, which only goes on counting versions and proposals, and knows what people undid.
        (TakenBack gone, DifferenceEvent.Opened e) => new Open(new(
            FindingOf(e), e.Excess, gone.Life.Version + 1,
            gone.Life.Last is { } last ? last with { Remedy = null } : null, gone.Life.Settled, gone.Life.Meetings,
            [])),

        // Found again with all that it said: what was done about it stands.
        (Known known, DifferenceEvent.Opened e) when known.Life.Finding.SaysThatOf(FindingOf(e)) =>
            known with { Life = known.Life with { Finding = FindingOf(e), Version = known.Life.Version + 1 } },
        (Known known, _) => Evolve(known, known.Life with { Version = known.Life.Version + 1 }, @event),
        _ => throw new InvalidDataException($"{@event} cannot follow {difference}."),
    };

    private static Difference Evolve(Known known, DifferenceLife life, DifferenceEvent @event) => (known, @event) switch
    {
        (Open, DifferenceEvent.Proposed e) => new Proposed(Asked(life, ProposalOf(e)), ProposalOf(e)),
        (Closed { IsHeld: true } held, DifferenceEvent.Proposed e) =>
            held with { Life = Asked(life, ProposalOf(e)), Reversal = ProposalOf(e) },
        (Closed closed, DifferenceEvent.ReversalProposed e) =>
            closed with { Life = Asked(life, ProposalOf(e)), Reversal = ProposalOf(e) },

        (Proposed, DifferenceEvent.Rejected e) => new Open(Decided(life, e.Proposal, e.By, false)),
        (Proposed, DifferenceEvent.Withdrawn e) => new Open(Decided(life, e.Proposal, e.By, false)),
        (Closed closed, DifferenceEvent.Rejected e) =>
            closed with { Life = Decided(life, e.Proposal, e.By, false), Reversal = null },
        (Closed closed, DifferenceEvent.Withdrawn e) =>
            closed with { Life = Decided(life, e.Proposal, e.By, false), Reversal = null },

        (Open or Proposed, DifferenceEvent.Approved e) =>
            new CarryingOut(Decided(life, e.Proposal, e.By, true), life.Last!),
        (CarryingOut, DifferenceEvent.NotCarriedOut) => new Open(life),

        // A hold that ends gives back, and the next event of the same append takes again.
        (Open or Proposed, DifferenceEvent.Closed e) => new Closed(
            Decided(life, e.Proposal, e.By, true).Less(e.Shares), new("", e.Remedy, e.Shares, By: e.By), null),
        (Open or Proposed or CarryingOut, DifferenceEvent.Met e) =>
            Met(life.Less(e.Shares), new(e.With, null, e.Shares), e.Left.IsZero),
        (Open, DifferenceEvent.Matched e) => Met(
            life.Less(e.Shares), new(DifferenceRules.NameOf(e.Rule, e.RuleVersion, e.With), null, e.Shares), true),
        (not TakenBack, DifferenceEvent.Reopened e) => new Open(Apart(life.Less(e.Shares), e)),
        (not TakenBack, DifferenceEvent.Undone e) => new TakenBack(
            life.Less(e.Shares) with
            {
                Left = Money.Zero(life.Left.Currency),
                Meetings = life.Meetings.Where(met => met.IsUndone).ToValueList(),
            }),

        _ => throw new InvalidDataException($"{@event} cannot follow {known}."),
    };

    private static Difference Met(DifferenceLife life, Closing meeting, bool isAll)
    {
        var met = life with { Meetings = [.. life.Meetings.Where(one => one.With != meeting.With), meeting] };
        return isAll ? new Closed(met, meeting, null) : new Open(met);
    }

    // What people undo no run may do again; what came apart by itself may meet once more.
    private static DifferenceLife Apart(DifferenceLife life, DifferenceEvent.Reopened e) => e.Proposal is { } proposal
        ? Decided(life, proposal, e.By, true) with
        {
            Meetings = life.Meetings.Select(met => met.With == e.With ? met with { IsUndone = true } : met)
                .ToValueList(),
        }
        : life with { Meetings = life.Meetings.Where(met => met.With != e.With).ToValueList() };

    private static Finding FindingOf(DifferenceEvent.Opened e) =>
        new(e.Channel, e.Day, e.Class, e.Key, e.Field, e.Theirs, e.Ours, e.Excess, e.Position);

    private static Proposal ProposalOf(DifferenceEvent.Proposed e) =>
        new(e.Proposal, e.Remedy, e.Reason, e.By, e.BasedOn);

    private static Proposal ProposalOf(DifferenceEvent.ReversalProposed e) =>
        new(e.Proposal, null, e.Reason, e.By, e.BasedOn);

    private static DifferenceLife Asked(DifferenceLife life, Proposal proposal) => life with { Last = proposal };

    private static DifferenceLife Decided(DifferenceLife life, int proposal, string by, bool approved) =>
        life with { Settled = new(proposal, by, approved) };
}
