using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>Carries commands to differences. What merchants give back by one is put aside first, so that it does not
/// leave them meanwhile.</summary>
/// <remarks>Killed between the two, the amount stays put aside, and whoever undoes the difference next uses it: the
/// sweep does, after each comparison.</remarks>
public sealed class DifferenceCarrier(CommandDesk desk, FundsDesk funds)
{
    private const int AttemptsMax = 3;

    public async Task<Handled<Difference, DifferenceEvent, DifferenceRejection>> Handle(
        DifferenceCommand command, EventMetadata metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        for (var attempt = 1; ; attempt++)
        {
            var handled = await desk.Handle(
                Aggregates.Differences, command.Finding.Id.Value, command, metadata, cancellation);
            if (handled.Rejection != DifferenceRejection.DifferenceChanged || attempt == AttemptsMax
                || DifferenceRules.BackBy(handled.State, command) is not { } back || back == command.Aside)
                return handled;
            foreach (var (to, amount) in back.Shares)
                await funds.Withhold(new(to.Owner), back.Hold, amount, metadata, cancellation);
            command = command with { Aside = back };
        }
    }

    public Task<Difference> Load(DifferenceId id, CancellationToken cancellation) =>
        desk.Load(Aggregates.Differences, id.Value, cancellation);
}
