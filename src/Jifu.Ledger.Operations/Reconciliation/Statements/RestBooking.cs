using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Books the rests of days' money by the bank's lines that they were found to be, and takes them back by the
/// counter-entry: on the day itself while it may change, else on the day on which that is learnt.</summary>
/// <param name="isClosed">Whether finance may have downloaded a day, or the one on which an entry of it was
/// booked.</param>
internal sealed class RestBooking(
    DayStreams days, UnsettledMoney unsettled, AdvanceRepayment advances,
    Func<Channel, BusinessDay, BusinessDay?, CancellationToken, Task<bool>> isClosed, TimeProvider time)
{
    public async Task Settle(
        Func<string, string, string> undone, EventMetadata metadata, CancellationToken cancellation)
    {
        foreach (var row in await unsettled.MisbookedRests(cancellation))
            await TakeBack(row, undone(row.Line, row.Id), metadata, cancellation);
        foreach (var row in await unsettled.UnbookedRests(cancellation))
            await Receive(row, metadata, cancellation);
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    private async Task Receive(RestBookingRow row, EventMetadata metadata, CancellationToken cancellation)
    {
        var (channel, amount) = (
            ChannelNames.Parse(row.Channel), new Money(row.AmountMinor, Enum.Parse<Currency>(row.Currency)));
        while (true)
        {
            var (told, version) = await days.Load(channel, row.Day, cancellation);
            if (told.Rests.ContainsKey(row.Number))
                return;

            // Of what was advanced for the day, what its money and its other rests have not repaid yet.
            var before = (told.Funds?.AdvanceRepaid.MinorUnits ?? 0) + told.RestsRepaidMinor;
            var repaid = await advances.OfDay(
                channel, row.Day, version, BankMovement.RestBooking(row.Number), amount, before, metadata,
                cancellation);
            var isLate = told.Bill?.BookedOn is not null || told.FundsGone?.DayIsClosed is true
                || await isClosed(channel, row.Day, null, cancellation);
            var received = new ReconciliationEvent.RestReceived(
                channel, row.Day, row.Number, amount, repaid, row.Reference.Length > 0 ? row.Reference : row.Line,
                row.Line, Now, isLate ? BusinessDay.Of(Now) : null);
            if (await days.Append(channel, row.Day, version, [received], metadata))
                return;
        }
    }

    private async Task TakeBack(
        RestBookingRow row, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        var channel = ChannelNames.Parse(row.Channel);
        while (true)
        {
            var (told, version) = await days.Load(channel, row.Day, cancellation);
            if (!told.Rests.TryGetValue(row.Number, out var had) || had.Line != row.Line)
                return;
            var isLate = await isClosed(channel, row.Day, had.BookedOn, cancellation);
            var gone = new ReconciliationEvent.RestTakenBack(
                channel, row.Day, row.Number, had.Amount, had.AdvanceRepaid, had.BankReference, had.Line, reason, Now,
                isLate ? BusinessDay.Of(Now) : had.BookedOn);
            if (await days.Append(channel, row.Day, version, [gone], metadata))
                return;
        }
    }
}
