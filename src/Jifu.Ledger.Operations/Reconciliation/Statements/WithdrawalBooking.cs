using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Books withdrawals by the bank's lines that they were found to be, on the day on which that is learnt, and
/// takes them back by the counter-entry.</summary>
internal sealed class WithdrawalBooking(
    DayStreams days, UnsettledMoney unsettled, AdvanceRepayment advances, TimeProvider time)
{
    public async Task Settle(
        Func<string, string, string> undone, EventMetadata metadata, CancellationToken cancellation)
    {
        foreach (var row in await unsettled.MisbookedWithdrawals(cancellation))
            await TakeBack(row, undone(row.Line, row.Id), metadata, cancellation);

        foreach (var row in await unsettled.UnbookedWithdrawals(cancellation))
            await Receive(row, metadata, cancellation);
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    private async Task Receive(
        WithdrawalBookingRow row, EventMetadata metadata, CancellationToken cancellation)
    {
        var (channel, amount) = (
            ChannelNames.Parse(row.Channel), new Money(row.AmountMinor, Enum.Parse<Currency>(row.Currency)));
        while (true)
        {
            var (told, version) = await days.Load(channel, row.Day, cancellation);
            if (told.Withdrawals.ContainsKey(row.Number))
                return;
            var repaid = await advances.OfWithdrawal(
                channel, row.Day, version, row.Number, amount, metadata, cancellation);
            var received = new ReconciliationEvent.WithdrawalReceived(
                channel, row.Day, row.Number, amount, repaid, row.Reference.Length > 0 ? row.Reference : row.Line,
                row.Line, Now, BusinessDay.Of(Now));
            if (await days.Append(channel, row.Day, version, [received], metadata))
                return;
        }
    }

    private async Task TakeBack(
        WithdrawalBookingRow row, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        var channel = ChannelNames.Parse(row.Channel);
        while (true)
        {
            var (told, version) = await days.Load(channel, row.Day, cancellation);
            if (!told.Withdrawals.TryGetValue(row.Number, out var had) || had.Line != row.Line)
                return;
            var gone = new ReconciliationEvent.WithdrawalTakenBack(
                channel, row.Day, row.Number, had.Amount, had.AdvanceRepaid, had.BankReference, had.Line, reason, Now,
                BusinessDay.Of(Now));
            if (await days.Append(channel, row.Day, version, [gone], metadata))
                return;
        }
    }
}
