using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Gives the money of payouts that came back (退汇) to their merchants again, by the bank's lines that were said
/// to be them.</summary>
/// <remarks>Each attempt comes back once. It is not taken back from the merchant, who may have it spent.</remarks>
internal sealed class ReturnBooking(CommandDesk desk, UnsettledMoney unsettled, TimeProvider time)
{
    public async Task Settle(EventMetadata metadata, CancellationToken cancellation)
    {
        foreach (var row in await unsettled.UnbookedReturns(cancellation))
        {
            var now = time.GetUtcNow().ToOffset(BusinessDay.Offset);
            await desk.Handle(
                Aggregates.Settlements, row.SettlementId,
                new SettlementCommand.Return(
                    row.Reference, row.BankReference.Length > 0 ? row.BankReference : row.Line, row.Line,
                    BusinessDay.Of(now), now),
                metadata, cancellation);
        }
    }
}
