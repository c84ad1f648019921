using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>Orders that would wait for ever: the channel says, asked and in its bill, that another amount was paid than
/// was ordered. The order never succeeds with that, so whoever approves what becomes of the money ends the order by
/// it.</summary>
/// <remarks>The order ends first. Killed between the two, the proposal still waits, and is approved again.</remarks>
public sealed class OrdersOfAnotherAmount(DifferenceCarrier desk, PaymentDesk payments, TimeProvider time)
{
    /// <summary>Whether a difference is the money of such an order.</summary>
    public async Task<bool> Has(DifferenceLifeRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row is { Found: true, Class: "only_at_channel" } && LineKey.KindIn(row.Key) == "payment"
            && await payments.Find(new(LineKey.NumberIn(row.Key)), cancellation) is Payment.Pending order
            && order.IsContradictedBy(row.Theirs);
    }

    /// <summary>Ends the order, when the approval stands that would give its money to somebody.</summary>
    /// <returns>Why the order has not ended; null when it has, or the approval would be refused anyway.</returns>
    internal async Task<Refusal?> End(
        DifferenceLifeRow row, int proposal, EventMetadata metadata, CancellationToken cancellation)
    {
        var id = new DifferenceId(row.DifferenceId);
        var approval = new DifferenceCommand.Approve(row.Finding, proposal, metadata.Actor, time.GetUtcNow());
        if (await desk.Load(id, cancellation) is not Difference.Known { Asked.Remedy: { } remedy } known
            || remedy.IsByOrder || remedy.Kind is RemedyKind.Hold
            || DifferenceRules.Decide(known, approval).Rejection is not null)
            return null;
        var ended = await payments.FailForAmount(
            new(LineKey.NumberIn(row.Key)), row.Theirs, metadata, cancellation);
        return ended.Refusal is { } refusal
            ? Refusal.Of(DifferenceDeskRejection.OutcomeAwaited, $"{refusal.Detail} {RefusedWords.Awaited(row)}")
            : null;
    }
}
