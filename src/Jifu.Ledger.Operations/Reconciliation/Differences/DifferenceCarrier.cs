using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

using Handled = Handled<Difference, DifferenceEvent, DifferenceRejection>;

/// <summary>Carries commands to differences. What merchants give back by one is put aside first, so that it does not
/// leave them meanwhile.</summary>
/// <remarks>Killed between the two, the amount stays put aside, and whoever undoes the difference next uses it: the
/// sweep does, after each comparison. What was put aside for a reversal is used when that is approved again, and is
/// free once it is rejected, or there is nothing more to reverse.</remarks>
public sealed class DifferenceCarrier(CommandDesk desk, FundsDesk funds)
{
    private const int AttemptsMax = 3;

    public async Task<Handled> Handle(
        DifferenceCommand command, EventMetadata metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        for (var attempt = 1; ; attempt++)
        {
            var handled = await desk.Handle(
                Aggregates.Differences, command.Finding.Id.Value, command, metadata, cancellation);
            if (handled.Rejection != DifferenceRejection.DifferenceChanged || attempt == AttemptsMax
                || DifferenceRules.BackBy(handled.State, command) is not { } back || back == command.Aside)
            {
                await Free(command, handled, metadata);
                return handled;
            }

            command = await PutAside(back, metadata, cancellation)
                ? command with { Aside = back }
                : command with { Lacking = back };
        }
    }

    public Task<Difference> Load(DifferenceId id, CancellationToken cancellation) =>
        desk.Load(Aggregates.Differences, id.Value, cancellation);

    /// <summary>What merchants lack to give back what a reversal takes from them, in words.</summary>
    internal async Task<string> Lacking(MerchantsBack back, CancellationToken cancellation)
    {
        List<string> lacking = [];
        foreach (var (to, amount) in back.Shares)
        {
            var has = await funds.Spendable(new(to.Owner), amount.Currency, ofAvailable: true, cancellation);
            lacking.Add(
                $"{to.Owner} has to give back {amount}, and {has} of its cleared money can leave it"
                    + (amount > has ? $": {amount - has} are missing." : " by now."));
        }

        return string.Join(' ', lacking);
    }

    // All of it or nothing: what one merchant lacks, another does not wait for.
    private async Task<bool> PutAside(MerchantsBack back, EventMetadata metadata, CancellationToken cancellation)
    {
        foreach (var (to, amount) in back.Shares)
        {
            if (!back.IsRefusable)
            {
                await funds.Withhold(new(to.Owner), back.Hold, amount, metadata, cancellation);
            }
            else if ((await funds.Hold(new(to.Owner), back.Hold, amount, metadata, cancellation)).Refusal is not null)
            {
                await Release(back, metadata);
                return false;
            }
        }

        return true;
    }

    // A reversal that can never be approved any more uses nothing of what was put aside for it: decided, or over with
    // the closing that it would have undone.
    private async Task Free(DifferenceCommand command, Handled handled, EventMetadata metadata)
    {
        var gone = command is DifferenceCommand.Approve { Aside: { IsRefusable: true } aside } late
                && handled.Rejection is not null && handled.State is Difference.Known known
                && IsOver(known, late.Proposal)
            ? aside
            : Asked(handled.Before) is { } asked && asked.Hold != Asked(handled.State)?.Hold
                && !handled.Events.OfType<DifferenceEvent.Reopened>().Any(used => used.Hold == asked.Hold)
                ? asked
                : null;
        if (gone is not null)
            await Release(gone, metadata);
    }

    // What the reversal that waits for another person would take back.
    private static MerchantsBack? Asked(Difference difference) =>
        difference is Difference.Closed { Reversal: { Remedy: null } asked } closed
            ? closed.BackByReversal(asked.Number)
            : null;

    // Without having been approved, as what was put aside for it is used then.
    private static bool IsOver(Difference.Known known, int proposal) =>
        known.Asked?.Number != proposal && known.Life.Settled switch
        {
            null => true,
            var settled when settled.Proposal == proposal => !settled.Approved,
            var settled => settled.Proposal < proposal,
        };

    // Whoever asked may have gone, and the merchant's money must not stay put aside for it.
    private async Task Release(MerchantsBack gone, EventMetadata metadata)
    {
        foreach (var (to, amount) in gone.Shares)
            await funds.Release(
                new(to.Owner), gone.Hold, amount, "the reversal does not take place", metadata, CancellationToken.None);
    }
}
