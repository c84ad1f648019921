using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Books channels' money, and payouts that came back, by the bank's lines that they were found to be; and
/// takes channels' money back by the counter-entry when a line is something else after all.</summary>
/// <remarks>What lines are is told first, what follows from it second. A run that was killed in between is ended by the
/// next one.</remarks>
public sealed class BankBooking(
    DayStreams days, CommandDesk desk, UnsettledMoney unsettled, ReconciliationQueries reconciliations,
    AdvanceRepayment advances, OpenEndQueries openEnds, TimeProvider time)
{
    private readonly WithdrawalBooking withdrawals = new(days, unsettled, advances, time);
    private readonly ReturnBooking returns = new(desk, unsettled, time);

    /// <summary>Makes the books say of channels' money what the lines say that the views show.</summary>
    /// <param name="undone">Why a line is not what it was taken for.</param>
    internal async Task Settle(
        Func<string, string, string> undone, EventMetadata metadata, CancellationToken cancellation)
    {
        foreach (var row in await unsettled.Misbooked(cancellation))
        {
            var channel = ChannelNames.Parse(row.Channel);
            await TakeBack(
                channel, row.Day, row.Line, undone(row.Line, BankMovement.Funds(channel, row.Day)),
                funds => funds.Line == row.Line, metadata, cancellation);
        }

        foreach (var row in await unsettled.Unbooked(cancellation))
            await Receive(row, metadata, cancellation);
        await new RestBooking(days, unsettled, advances, IsClosed, time).Settle(undone, metadata, cancellation);
        await withdrawals.Settle(undone, metadata, cancellation);
        await returns.Settle(metadata, cancellation);
    }

    /// <summary>Takes back what an older program booked by a line: its events name the bank's number, and not the
    /// line.</summary>
    internal async Task TakeBackOlder(
        StatementEvent.Matched match, string bankReference, string reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        foreach (var to in match.To)
        {
            if (BankMovement.FundsIn(to) is var (channel, day))
                await TakeBack(
                    channel, day, match.Line, reason,
                    funds => funds.Line is null
                        && (funds.BankReference == bankReference || funds.BankReference == match.Line),
                    metadata, cancellation);
        }
    }

    private async Task Receive(UnbookedMoneyRow row, EventMetadata metadata, CancellationToken cancellation)
    {
        var channel = ChannelNames.Parse(row.Channel);
        var (told, version) = await days.Load(channel, row.Day, cancellation);
        if (told.Funds is not null)
            return;
        var amount = new Money(row.AmountMinor, Enum.Parse<Currency>(row.Currency));
        var repaid = await advances.OfDay(
            channel, row.Day, version, BankMovement.FundsBooking, amount, told.RestsRepaidMinor, metadata,
            cancellation);
        var received = told.Receive(
            channel, row.Day, amount, repaid, row.Reference.Length > 0 ? row.Reference : row.Line, Now, row.Line);
        if (!await days.Append(channel, row.Day, version, [received], metadata))
            await Receive(row, metadata, cancellation);
    }

    private async Task TakeBack(
        Channel channel, BusinessDay day, string line, string reason,
        Func<ReconciliationEvent.FundsReceived, bool> isOfIt, EventMetadata metadata, CancellationToken cancellation)
    {
        var (told, version) = await days.Load(channel, day, cancellation);
        if (told.Funds is not { } funds || !isOfIt(funds))
            return;
        var gone = told.TakeBack(line, reason, Now, await IsClosed(channel, day, funds.BookedOn, cancellation));
        if (!await days.Append(channel, day, version, [gone], metadata))
            await TakeBack(channel, day, line, reason, isOfIt, metadata, cancellation);
    }

    private DateTimeOffset Now => time.GetUtcNow().ToOffset(BusinessDay.Offset);

    // Neither the day that shows the money nor the one that has its entry changes once finance may have downloaded it.
    private async Task<bool> IsClosed(
        Channel channel, BusinessDay day, BusinessDay? bookedOn, CancellationToken cancellation)
    {
        var row = await reconciliations.Find(channel, day, cancellation);
        foreach (var one in new[] { row?.BookedOn ?? day, bookedOn ?? day }.Distinct())
        {
            if ((await openEnds.UpTo(one, cancellation)).All(end => end.Reason == "views_apart"))
                return true;
        }

        return false;
    }
}
