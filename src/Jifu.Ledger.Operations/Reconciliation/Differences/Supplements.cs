using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>Carries out approved supplements (补单): the channel is asked about the order, whose own success books it.
/// </summary>
/// <remarks>A request may end before its supplement does. It goes on when anybody approves it again, and by itself with
/// all else that has no end yet. The order's stream tells whether it was booked, so nothing is booked twice.</remarks>
public sealed class Supplements(
    DifferenceCarrier desk, DifferenceQueries differences, DifferenceSweep sweep, PaymentDesk payments, Projector views,
    TimeProvider time)
{
    /// <summary>Those that were approved and have no end yet.</summary>
    public async Task<IReadOnlyList<DifferenceId>> Open(CancellationToken cancellation) =>
        [.. (await differences.CarryingOut(cancellation)).Select(id => new DifferenceId(id))];

    /// <summary>Goes on with one; nothing when it has ended meanwhile.</summary>
    public async Task Resume(DifferenceId id, EventMetadata metadata, CancellationToken cancellation)
    {
        if (await desk.Load(id, cancellation) is Difference.CarryingOut waiting)
            await CarryOut(waiting, metadata, cancellation);
    }

    internal async Task<DifferenceOutcome> CarryOut(
        Difference.CarryingOut waiting, EventMetadata metadata, CancellationToken cancellation)
    {
        var finding = waiting.Life.Finding;
        var order = finding.Key.Split(':', 2) is ["payment", var number] ? number : "";
        var asked = order.Length == 0
            ? null
            : await payments.Refresh(new(order), metadata, cancellation);
        await views.WaitForHead(cancellation);
        await sweep.Run(finding.Channel, metadata, cancellation);
        var now = await desk.Load(finding.Id, cancellation);
        if (now is not Difference.CarryingOut)
            return new(now, true, null);

        var reason = asked?.Refusal?.Detail ?? RefusedWords.NotBooked(asked?.Payment);
        var given = await desk.Handle(
            new DifferenceCommand.GiveUp(
                finding, waiting.Proposal.Number, reason, metadata.Actor, time.GetUtcNow()), metadata, cancellation);
        return new(given.State, given.Events.Count > 0, Refusal.Of(
            DifferenceDeskRejection.SupplementNotCarriedOut, $"{finding.Key}: {reason}. The difference is open."));
    }
}
