using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Reconciles (对账) a channel's day: takes its bill, compares it with what we expected, suspends what
/// differs, holds the fund flow against it, and books the channel's money when it arrives.</summary>
/// <remarks>Each step is an event under the day's own stream, so a run that is repeated or was killed goes on where the
/// last one ended.</remarks>
public sealed class ReconciliationRun(
    DayStreams days, BillImport bills, AdvanceRepayment advances, BillArchive archive, ChannelDirectory channels,
    FundFlowImport fundFlows, DifferenceSweep differences, TimeProvider time)
{
    /// <summary>Fetches the day's bill from the channel and reconciles by it; then fetches the fund flow, and looks for
    /// the money.</summary>
    public async Task<ReconciliationOutcome> Run(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation)
    {
        if (channels.Find(channel) is null)
            return ReconciliationOutcome.NotConnected(channel, day);
        var (told, _) = await days.Load(channel, day, cancellation);
        if (told.Completed is null)
        {
            var bill = told.Bill switch
            {
                { IsNothing: true } => ChannelBillFile.Nothing,
                { } begun => await Kept(begun.Sha256, cancellation),
                null => await channels[channel].DownloadBill(day, cancellation),
            };
            if (bill is null)
                return ReconciliationOutcome.Refused(
                    channel, day, ReconciliationRejection.BillNotReady, "The channel has no bill yet.");
            var import = ReferenceEquals(bill, ChannelBillFile.Nothing)
                ? bills.ImportNothing(channel, day, "the channel says so", metadata, cancellation)
                : bills.Import(channel, day, bill, null, metadata, cancellation);
            if (await OrTell(channel, day, import) is { Refusal: not null } refused)
                return refused;
        }

        var moneyRefused = await fundFlows.Fetch(channel, day, metadata, cancellation);
        await fundFlows.Check(channel, day, metadata, cancellation);
        await differences.Run(channel, metadata, cancellation);
        return await ReceiveFunds(channel, day, metadata, cancellation) with { FundFlowRefusal = moneyRefused };
    }

    /// <summary>The same, asked for by somebody: where it was said that the channel has no bill, the channel is asked
    /// again, and a bill that it has after all takes that one's place as a corrected one does.</summary>
    /// <param name="reason">Why there is a bill now; needed when the day is closed.</param>
    public async Task<ReconciliationOutcome> Ask(
        Channel channel, BusinessDay day, string? reason, EventMetadata metadata, CancellationToken cancellation)
    {
        if (channels.Find(channel) is null)
            return ReconciliationOutcome.NotConnected(channel, day);
        var (told, _) = await days.Load(channel, day, cancellation);
        var note = reason is null ? null : "No bill took another's place: the reason has no effect.";
        if (told is { Bill.IsNothing: true, Completed: not null })
        {
            var bill = await channels[channel].DownloadBill(day, cancellation);
            if (bill is null || ReferenceEquals(bill, ChannelBillFile.Nothing))
                note = "The channel was asked again and still has no bill; the day stays as compared with none"
                    + (reason is null ? "." : ", and the reason has no effect.");
            else if (await OrTell(
                channel, day, bills.ImportAfterAll(channel, day, bill, reason, metadata, cancellation)) is
                { Refusal: not null } refused)
                return refused;
            else
                note = null;
        }

        return await Run(channel, day, metadata, cancellation) with { Note = note };
    }

    /// <summary>Reconciles a day of which the channel has no bill, as with an empty one. The same again changes
    /// nothing.</summary>
    /// <param name="reason">How that is known.</param>
    public async Task<ReconciliationOutcome> ImportNothing(
        Channel channel, BusinessDay day, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        var outcome = await Followed(
            bills.ImportNothing(channel, day, reason, metadata, cancellation), metadata, cancellation);
        return outcome.AlreadyThere && !string.IsNullOrWhiteSpace(reason)
            ? outcome with { Note = "It was said before that there is no bill: the reason has no effect." }
            : outcome;
    }

    /// <summary>Reconciles by a bill that somebody brings. The same file again changes nothing.</summary>
    /// <param name="reason">Why it takes the place of the bill imported before; null when there should be
    /// none.</param>
    /// <exception cref="BillRejectedException">The file may not be used.</exception>
    public async Task<ReconciliationOutcome> Import(
        Channel channel, BusinessDay day, ChannelBillFile bill, string? reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var outcome = await Followed(
            bills.Import(channel, day, bill, reason, metadata, cancellation), metadata, cancellation);
        return outcome.Refusal is not null || outcome.TookPlace || string.IsNullOrWhiteSpace(reason)
            ? outcome
            : outcome with
            {
                Note = outcome.AlreadyThere
                    ? "The file was imported before: the reason has no effect."
                    : "There was no file whose place it could take: the reason has no effect.",
            };
    }

    private async Task<ReconciliationOutcome> Followed(
        Task<ReconciliationOutcome> import, EventMetadata metadata, CancellationToken cancellation)
    {
        var outcome = await import;
        if (outcome.Refusal is not null)
            return outcome;
        await fundFlows.Check(outcome.Channel, outcome.Day, metadata, cancellation);
        await differences.Run(outcome.Channel, metadata, cancellation);
        return outcome;
    }

    // A channel's own bill that may not be used leaves its day open, and nothing else undone.
    private static async Task<ReconciliationOutcome> OrTell(
        Channel channel, BusinessDay day, Task<ReconciliationOutcome> import)
    {
        try
        {
            return await import;
        }
        catch (BillRejectedException e)
        {
            return new(channel, day, null, false, Refusal.Of(e.Code, e.Message));
        }
    }

    private async Task<ReconciliationOutcome> ReceiveFunds(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation)
    {
        var (told, version) = await days.Load(channel, day, cancellation);
        if (told.Funds is not null || await channels[channel].QueryFunds(day, cancellation) is not { } funds)
            return ReconciliationOutcome.Of(channel, day, told);

        var repaid = await advances.OfDay(
            channel, day, version, "funds", funds.Amount, told.RestsRepaidMinor, metadata, cancellation);
        var received = told.Receive(channel, day, funds.Amount, repaid, funds.BankReference, time.GetUtcNow());
        await days.Append(channel, day, version, [received], metadata);
        return await ReceiveFunds(channel, day, metadata, cancellation);
    }

    private async Task<ChannelBillFile?> Kept(string sha256, CancellationToken cancellation) =>
        await archive.Find(sha256, cancellation) is { } kept ? new(kept.FileName, kept.Content) : null;
}
