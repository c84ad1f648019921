using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Takes a trade bill for a channel's day and compares it with what we expected; a corrected bill takes the
/// place of the one before.</summary>
/// <remarks>A file that may not be used leaves nothing behind. The same file again changes nothing. A run that was
/// killed goes on where it stopped.</remarks>
public sealed class BillImport(
    DayStreams days, Projector views, ExpectedLines expected, BillArchive archive, OpenEndQueries openEnds,
    ChannelDirectory channels, FundFlowImport fundFlows, TimeProvider time)
{
    private static readonly BillLineKind[] Always = [BillLineKind.Payment, BillLineKind.Refund];

    /// <param name="reason">Why it takes the place of another bill of the day; null when it should not.</param>
    /// <exception cref="BillRejectedException">The file may not be used.</exception>
    public async Task<ReconciliationOutcome> Import(
        Channel channel, BusinessDay day, ChannelBillFile file, string? reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var sha256 = BillArchive.Sha256Of(file.Content);
        for (var isFirst = true; ; isFirst = false)
        {
            var (told, version) = await days.Load(channel, day, cancellation);
            if (told.Bill?.Sha256 == sha256 && told.Completed is not null)
                return ReconciliationOutcome.Of(channel, day, told) with
                {
                    AlreadyThere = isFirst, TookPlace = !isFirst && !told.Superseded.IsEmpty,
                };
            if (NotOver(channel, day) is { } early)
                return early;
            // The file first: what is wrong with it stays wrong, whichever channels are connected.
            var read = ReadBill.Of(channel, day, channels.MerchantNumber(channel), file);
            if (await Refusal(channel, day, cancellation) is { } refused)
                return refused;
            if (!read.IsTrade)
                return await fundFlows.Import(channel, day, file, read, reason, metadata, cancellation);
            var isBegun = told.Bill?.Sha256 == sha256;
            if (!isBegun && Partial(channel, day, file, read, Always) is { } partial)
                return partial;
            if (Refusal(channel, day, sha256, told, reason) is { } another)
                return another;
            await views.WaitForHead(cancellation);
            var ours = await expected.Of(channel, day, cancellation);
            if (!isBegun && Partial(channel, day, file, read, KindsOf(ours)) is { } lacking)
                return lacking;
            await archive.Keep(channel, day, file, metadata.Actor, cancellation);
            var comparison = Comparison.Compare(read.Lines, ours, read.Corrections);
            var news = await News(channel, day, told, comparison, read, new(file.FileName, sha256, reason));
            await days.Append(channel, day, version, news, metadata);
        }
    }

    /// <summary>Takes the bill that a channel gives of a day of which it was said that it has none. Somebody must say
    /// why it comes late when the day is closed.</summary>
    /// <exception cref="BillRejectedException">The file may not be used.</exception>
    internal async Task<ReconciliationOutcome> ImportAfterAll(
        Channel channel, BusinessDay day, ChannelBillFile file, string? reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        return await Import(
            channel, day, file, reason ?? (await IsClosed(day) ? null : "the channel has a bill after all"), metadata,
            cancellation);
    }

    /// <summary>The channel has no bill of the day: it is compared as an empty one. A bill that comes after all takes
    /// its place, as a corrected bill does.</summary>
    /// <param name="reason">How that is known.</param>
    public async Task<ReconciliationOutcome> ImportNothing(
        Channel channel, BusinessDay day, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var (told, version) = await days.Load(channel, day, cancellation);
            if (told is { Bill.IsNothing: true, Completed: not null })
                return ReconciliationOutcome.Of(channel, day, told) with { AlreadyThere = isFirst };
            if (await Refusal(channel, day, cancellation) is { } refused)
                return refused;
            if (told.Bill is { IsNothing: false } bill)
                return ReconciliationOutcome.Refused(
                    channel, day, ReconciliationRejection.BillAlreadyImported,
                    $"{bill.FileName} was imported before, so the channel has a bill.");
            if (told.Bill is null && string.IsNullOrWhiteSpace(reason))
                return ReconciliationOutcome.Refused(
                    channel, day, ReconciliationRejection.NoBillReasonMissing,
                    "say how it is known that the channel has no bill.");
            await views.WaitForHead(cancellation);
            var comparison = Comparison.Compare([], await expected.Of(channel, day, cancellation));
            var nothing = new Brought("", BillInPlace.NothingSha256, reason);
            var news = await News(channel, day, told, comparison, ReadBill.Nothing, nothing);
            await days.Append(channel, day, version, news, metadata);
        }
    }

    private async Task<ReconciliationOutcome?> Refusal(
        Channel channel, BusinessDay day, CancellationToken cancellation)
    {
        if (channels.Find(channel) is null && !await expected.Any(channel, day, cancellation))
            return ReconciliationOutcome.NothingExpected(channel, day);
        return NotOver(channel, day);
    }

    private ReconciliationOutcome? NotOver(Channel channel, BusinessDay day) =>
        day >= BusinessDay.Of(time.GetUtcNow())
            ? ReconciliationOutcome.Refused(
                channel, day, ReconciliationRejection.BillDayNotOver, $"{day} is not over.")
            : null;

    private static ReconciliationOutcome? Refusal(
        Channel channel, BusinessDay day, string sha256, ReconciledDay told, string? reason)
    {
        ReconciliationOutcome Refused(ReconciliationRejection rejection, string detail) =>
            ReconciliationOutcome.Refused(channel, day, rejection, detail);

        if (told.Bill is not { } inPlace || inPlace.Sha256 == sha256)
            return null;
        if (reason is not null)
            return string.IsNullOrWhiteSpace(reason)
                ? Refused(ReconciliationRejection.SupersedeReasonMissing, "say why the bill takes another's place.")
                : null;
        return told.Superseded.Contains(sha256)
            ? Refused(
                ReconciliationRejection.BillSupersededBefore,
                $"this file was imported before, and {Named(inPlace)} took its place.")
            : Refused(
                ReconciliationRejection.BillAlreadyImported,
                $"{Named(inPlace)} was imported before; give a reason to supersede it.");
    }

    private static string Named(BillInPlace bill) => bill.IsNothing ? "that there is no bill" : bill.FileName;

    // What a bill does not list would count as missing at the channel. Which of WeChat Pay's partial bills lists
    // revocations nobody has told us: so they must be there only when we have some.
    private static ReconciliationOutcome? Partial(
        Channel channel, BusinessDay day, ChannelBillFile file, ReadBill read, IEnumerable<BillLineKind> needed)
    {
        var missing = needed.Aggregate(BillCoverage.None, (all, kind) => all.With(kind)) & ~read.Coverage;
        return missing is BillCoverage.None
            ? null
            : ReconciliationOutcome.Refused(
                channel, day, ReconciliationRejection.BillNotOfAllTrades,
                $"{file.FileName} lists {read.Coverage.Text()} only, no {missing.Text()}; bring the bill of all "
                    + "trades (ALL), or its parts in one zip.");
    }

    private static IEnumerable<BillLineKind> KindsOf(LedgerDay ours) =>
        ours.Lines.Concat(ours.Carried.Select(carried => carried.Line)).Select(line => line.Kind);

    private async Task<IReadOnlyList<ReconciliationEvent>> News(
        Channel channel, BusinessDay day, ReconciledDay told, Comparison comparison, ReadBill read, Brought brought)
    {
        var now = time.GetUtcNow();
        var (name, sha256, rows) = (brought.FileName, brought.Sha256, read.Lines.Count);
        if (told.Bill?.Sha256 == sha256)
            return [.. comparison.Against(told, channel, day, now)];

        // Whatever a bill lists moves figures of its day: what only meets carried lines brings that day's money.
        var books = told.Bill is not null || rows + comparison.Discrepancies.Count + comparison.Carried.Count > 0;
        var isLate = told.Bill?.BookedOn is not null || (books && await IsClosed(day));
        var on = isLate ? await OpenDayOf(told) ?? BusinessDay.Of(now) : (BusinessDay?)null;
        ReconciliationEvent begun = told.Bill is { } old
            ? new ReconciliationEvent.BillSuperseded(
                channel, day, name, sha256, old.Sha256, brought.Reason!, rows, read.Paid, read.Refunded, read.Fees,
                now, on)
            : new ReconciliationEvent.BillImported(
                channel, day, name, sha256, rows, read.Paid, read.Refunded, read.Fees, now, on,
                sha256 == BillInPlace.NothingSha256 ? brought.Reason : null);
        return [begun, .. comparison.Against(ReconciledDay.Evolve(told, begun), channel, day, now)];
    }

    // A comparison that was killed half-way keeps open the day that it began to count on: what goes on, or takes its
    // place, ends it there.
    private async Task<BusinessDay?> OpenDayOf(ReconciledDay told) =>
        told is { Completed: null, Bill.BookedOn: { } begun } && !await IsClosed(begun) ? begun : null;

    // What finance has downloaded never changes: what comes later is booked on the day on which it comes.
    private async Task<bool> IsClosed(BusinessDay day) =>
        (await openEnds.UpTo(day, CancellationToken.None)).All(end => end.Reason == "views_apart");

    private sealed record Brought(string FileName, string Sha256, string? Reason);
}
