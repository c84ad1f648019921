using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>Rules about differences that no single stream can judge. The API returns these names.</summary>
public enum DifferenceDeskRejection
{
    DifferenceNotFound,
    SupplementNotCarriedOut,
    RefundAlreadyPaid,
    RefundNumberUsed,
    OutcomeAwaited,
}

/// <summary>What became of a command to a difference.</summary>
/// <param name="Difference">How it stands; null when there is none.</param>
/// <param name="IsNew">True when something happened by it; false for a repeat or a refusal.</param>
public sealed record DifferenceOutcome(Difference? Difference, bool IsNew, Refusal? Refusal);

/// <summary>A difference as somebody saw it; null for what does not matter.</summary>
/// <param name="Version">How far its life had come.</param>
/// <param name="Found">Where in the log it was found: a corrected bill may find it again with another amount, before
/// anybody has done anything about it.</param>
public readonly record struct DifferenceSeen(int? Version, long? Found = null);

/// <summary>Carries what people want done about differences.</summary>
/// <remarks>A refused command moves nothing, and the same one again changes nothing.</remarks>
public sealed class DifferenceDesk(
    DifferenceCarrier desk, DifferenceQueries differences, RefundNumbers numbers, Supplements supplements,
    OrdersOfAnotherAmount orders, MerchantDesk merchants, OnePerson onePerson, Projector views, TimeProvider time)
{
    /// <param name="seen">What the proposer saw: refused if the difference has changed since.</param>
    public async Task<DifferenceOutcome> Propose(
        DifferenceId id, Remedy remedy, string reason, DifferenceSeen seen, EventMetadata metadata,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        if ((await Unknown(id, remedy, cancellation) ?? await Awaited(id, remedy, cancellation)
            ?? await numbers.Used(id, remedy, cancellation)) is { } refusal)
            return new(null, false, refusal);
        return await Handle(id, seen.Found, (finding, by, now) =>
            new DifferenceCommand.Propose(finding, remedy, reason, seen.Version, by, now), metadata, cancellation);
    }

    /// <summary>How it stands now; null when there is none.</summary>
    public async Task<DifferenceLifeRow?> Find(DifferenceId id, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        return await differences.Find(id.Value, cancellation);
    }

    /// <summary>Why such a proposal would be refused; null when it would not. Changes nothing.</summary>
    public async Task<Refusal?> Refused(
        DifferenceId id, Remedy remedy, string reason, DifferenceSeen seen, EventMetadata metadata,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        if ((await Unknown(id, remedy, cancellation) ?? await Awaited(id, remedy, cancellation)) is { } refusal)
            return refusal;
        var (finding, missing) = await Find(id, seen.Found, cancellation);
        if (finding is null)
            return missing;
        var state = await desk.Load(id, cancellation);
        var command = new DifferenceCommand.Propose(
            finding, remedy, reason, seen.Version, metadata.Actor, time.GetUtcNow());
        command = command with { Aside = DifferenceRules.BackBy(state, command) };
        return DifferenceRules.Decide(state, command).Rejection is { } rejection
            ? Refusal.Of(rejection, RefusedWords.Of(rejection, id, state, command))
            : await numbers.Used(id, remedy, cancellation);
    }

    public async Task<DifferenceOutcome> ProposeReversal(
        DifferenceId id, string reason, EventMetadata metadata, CancellationToken cancellation) =>
        await Paid(id, null, cancellation) ?? await Handle(id, (finding, by, now) =>
            new DifferenceCommand.ProposeReversal(finding, reason, by, now), metadata, cancellation);

    public Task<DifferenceOutcome> Reject(
        DifferenceId id, int proposal, string reason, EventMetadata metadata, CancellationToken cancellation) =>
        Handle(id, (finding, by, now) =>
            new DifferenceCommand.Reject(finding, proposal, reason, by, now), metadata, cancellation);

    /// <summary>Says yes. A supplement is carried out at once by asking the channel about the order; when that does not
    /// book it, the difference is open again, and the answer says why.</summary>
    public async Task<DifferenceOutcome> Approve(
        DifferenceId id, int proposal, EventMetadata metadata, CancellationToken cancellation)
    {
        var outcome = await Paid(id, proposal, cancellation) ?? await Unfit(id, proposal, cancellation)
            ?? await Alone(id, proposal, metadata.Actor, cancellation)
            ?? await Unended(id, proposal, metadata, cancellation) ?? await Handle(id, (finding, by, now) =>
                new DifferenceCommand.Approve(finding, proposal, by, now), metadata, cancellation);
        return outcome is { Refusal: null, Difference: Difference.CarryingOut waiting }
            ? await supplements.CarryOut(waiting, metadata, cancellation)
            : outcome;
    }

    // What was fit when it was proposed need not be any more.
    private async Task<DifferenceOutcome?> Unfit(DifferenceId id, int approved, CancellationToken cancellation) =>
        await desk.Load(id, cancellation) is Difference.Known { Asked: { Remedy: { } remedy } asked } known
        && asked.Number == approved
        && (await Awaited(id, remedy, cancellation) ?? await numbers.UsedBefore(id, remedy, cancellation))
            is { } refusal
            ? new(known, false, refusal)
            : null;

    // An order that could still book the money ends before anybody is given it.
    private async Task<DifferenceOutcome?> Unended(
        DifferenceId id, int approved, EventMetadata metadata, CancellationToken cancellation) =>
        await differences.Find(id.Value, cancellation) is { } row && await orders.Has(row, cancellation)
        && await orders.End(row, approved, metadata, cancellation) is { } refusal
            ? new(await desk.Load(id, cancellation), false, refusal)
            : null;

    private async Task<DifferenceOutcome?> Alone(
        DifferenceId id, int approved, string by, CancellationToken cancellation)
    {
        var known = await desk.Load(id, cancellation) as Difference.Known;
        var asked = known is Difference.CarryingOut { Proposal: var proposal } ? proposal : known?.Asked;
        return asked?.Number == approved && asked.By != by && await onePerson(asked.By, by, cancellation)
            ? new(known, false, Refusal.Of(
                DifferenceRejection.ApproverIsProposer, $"{by} counts as the person of {asked.By}, who proposed it."))
            : null;
    }

    // What a bill shows as paid to the payer is not taken back from him. A row that comes between this and the reversal
    // is parted from it by the next sweep.
    private async Task<DifferenceOutcome?> Paid(DifferenceId id, int? approved, CancellationToken cancellation)
    {
        if (await Load(id.Value) is not Difference.Closed { Closing.Remedy.Kind: RemedyKind.Refund } closed
            || (approved is not null && closed.Reversal?.Number != approved))
            return null;
        await views.WaitForHead(cancellation);
        foreach (var row in await differences.RowsOfRefund(id.Value, cancellation))
        {
            if (await Load(row) is Difference.Known known && known.Life.Meetings.Any(meeting => meeting.IsWith(id)))
                return new(closed, false, Refusal.Of(
                    DifferenceDeskRejection.RefundAlreadyPaid,
                    $"Refund {closed.Closing.Remedy!.RefundNumber} of difference {id} was paid: difference {row} met "
                        + "it."));
        }

        return null;

        Task<Difference> Load(string of) => desk.Load(new(of), cancellation);
    }

    private Task<DifferenceOutcome> Handle(
        DifferenceId id, Func<Finding, string, DateTimeOffset, DifferenceCommand> command, EventMetadata metadata,
        CancellationToken cancellation) => Handle(id, null, command, metadata, cancellation);

    private async Task<DifferenceOutcome> Handle(
        DifferenceId id, long? found, Func<Finding, string, DateTimeOffset, DifferenceCommand> command,
        EventMetadata metadata, CancellationToken cancellation)
    {
        var (finding, missing) = await Find(id, found, cancellation);
        if (finding is null)
            return new(null, false, missing);
        var asked = command(finding, metadata.Actor, time.GetUtcNow());
        var handled = await desk.Handle(asked, metadata, cancellation);
        return new(handled.State, handled.Events.Count > 0, handled.Rejection is { } rejection
            ? Refusal.Of(rejection, await Words(rejection, id, handled.State, asked, cancellation))
            : null);
    }

    private async Task<string> Words(
        DifferenceRejection rejection, DifferenceId id, Difference state, DifferenceCommand asked,
        CancellationToken cancellation) =>
        rejection is DifferenceRejection.ReversalTakesFromMerchant && DifferenceRules.BackBy(state, asked) is { } back
            ? $"{await desk.Lacking(back, cancellation)} Approve again once it is there, or within an overdraft limit "
                + "agreed with the merchant."
            : RefusedWords.Of(rejection, id, state, asked);

    private async Task<(Finding? Finding, Refusal? Missing)> Find(
        DifferenceId id, long? found, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var row = await differences.Find(id.Value, cancellation);
        if (row is null)
            return (null, Refusal.Of(DifferenceDeskRejection.DifferenceNotFound, $"There is no difference {id}."));
        if (row.Found && found is not null && found != row.FoundPosition)
            return (null, Refusal.Of(
                DifferenceRejection.DifferenceChanged,
                $"The bill that had {id} was replaced, and the difference is {row.Minor(row.LeftMinor)} now."));
        return row.Found
            ? (row.Finding, null)
            : (null, Refusal.Of(
                DifferenceRejection.DifferenceTakenBack, $"The bill that had {id} was replaced."));
    }

    // Names a merchant or an order that we do not have.
    private async Task<Refusal?> Unknown(DifferenceId id, Remedy remedy, CancellationToken cancellation)
    {
        if (!remedy.IsByOrder)
            return await NoMerchant(remedy, cancellation);
        await views.WaitForHead(cancellation);
        return await differences.Find(id.Value, cancellation)
            is { Found: true, Class: "only_at_channel", OrderStatus: null }
            ? Refusal.Of(DifferenceRejection.SupplementNotPossible, RefusedWords.NoOrder(id))
            : null;
    }

    // What our own success may still book is nobody else's, unless the channel says itself that it cannot.
    private async Task<Refusal?> Awaited(DifferenceId id, Remedy remedy, CancellationToken cancellation)
    {
        if (remedy.Kind is RemedyKind.Hold || remedy.IsByOrder)
            return null;
        await views.WaitForHead(cancellation);
        return await differences.Find(id.Value, cancellation) is { Found: true } row
            && row.Context(0).Awaits(row.Finding) && !await orders.Has(row, cancellation)
            ? Refusal.Of(DifferenceDeskRejection.OutcomeAwaited, RefusedWords.Awaited(row))
            : null;
    }

    private async Task<Refusal?> NoMerchant(Remedy remedy, CancellationToken cancellation) =>
        remedy.To is { Kind: AccountKind.MerchantAvailable, Owner: var merchant }
        && await merchants.Find(new(merchant), cancellation) is null
            ? Refusal.Of(MerchantRejection.MerchantNotFound, $"No merchant {merchant}.")
            : null;
}
