using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Why a day was not reconciled. The API returns these names.</summary>
public enum ReconciliationRejection
{
    BillDayNotOver,
    BillNotReady,
    BillAlreadyImported,
}

/// <summary>How a channel's day stands after a run.</summary>
/// <param name="Refusal">Why it did not get on; null when it did.</param>
public sealed record ReconciliationReport(
    Channel Channel, BusinessDay Day, ReconciliationEvent.Completed? Completed, bool FundsReceived, Refusal? Refusal);

/// <summary>Reconciles (对账) a channel's day: takes its bill, compares it with what we expected, suspends what
/// differs, and books the channel's money when it arrives.</summary>
/// <remarks>Each step is an event under the day's own stream, so a run that is repeated or was killed goes on where the
/// last one ended. A bill that may not be used leaves nothing behind.</remarks>
public sealed class ReconciliationRun(
    IEventLog log, EventCodec codec, IdSource ids, Projector views, ExpectedLines expected, BillArchive archive,
    ChannelDirectory channels, TimeProvider time)
{
    private const int ChunkMax = 500;

    /// <summary>Fetches the day's bill from the channel and reconciles by it; then looks for the money.</summary>
    public async Task<ReconciliationReport> Run(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation)
    {
        if (channels.Find(channel) is null)
            return NotConnected(channel, day);
        var (events, _) = await Load(channel, day, cancellation);
        if (!events.OfType<ReconciliationEvent.Completed>().Any())
        {
            var bill = events.OfType<ReconciliationEvent.BillImported>().FirstOrDefault() is { } begun
                ? await archive.Find(begun.Sha256, cancellation)
                : await channels[channel].DownloadBill(day, cancellation);
            if (bill is null)
                return Refused(channel, day, ReconciliationRejection.BillNotReady, "The channel has no bill yet.");
            if (await ImportOrTell(channel, day, bill, metadata, cancellation) is { Refusal: not null } refused)
                return refused;
        }

        return await ReceiveFunds(channel, day, metadata, cancellation);
    }

    // A channel's own bill that may not be used leaves its day open, and nothing else undone.
    private async Task<ReconciliationReport> ImportOrTell(
        Channel channel, BusinessDay day, ChannelBillFile bill, EventMetadata metadata, CancellationToken cancellation)
    {
        try
        {
            return await Import(channel, day, bill, metadata, cancellation);
        }
        catch (BillRejectedException e)
        {
            return new(channel, day, null, false, Refusal.Of(e.Code, e.Message));
        }
    }

    /// <summary>Reconciles by a bill that somebody brings. The same file again changes nothing.</summary>
    /// <exception cref="BillRejectedException">The file may not be used.</exception>
    public async Task<ReconciliationReport> Import(
        Channel channel, BusinessDay day, ChannelBillFile bill, EventMetadata metadata, CancellationToken cancellation)
    {
        if (channels.Find(channel) is not { } connected)
            return NotConnected(channel, day);
        var now = time.GetUtcNow();
        if (day >= BusinessDay.Of(now))
            return Refused(channel, day, ReconciliationRejection.BillDayNotOver, $"{day} is not over.");
        var sha256 = BillArchive.Sha256Of(bill.Content);
        var (told, version) = await Load(channel, day, cancellation);
        if (told.OfType<ReconciliationEvent.BillImported>().FirstOrDefault() is { } begun && begun.Sha256 != sha256)
            return Refused(
                channel, day, ReconciliationRejection.BillAlreadyImported, $"{begun.FileName} was imported before.");
        if (told.OfType<ReconciliationEvent.Completed>().FirstOrDefault() is { } done)
            return new(channel, day, done, told.OfType<ReconciliationEvent.FundsReceived>().Any(), null);

        var read = BillFormats.Read(channel, day, connected.MerchantNumber, bill.FileName, bill.Content);
        await archive.Keep(channel, day, bill, metadata.Actor, cancellation);
        await views.WaitForHead(cancellation);
        var comparison = Comparison.Compare(read.Lines, await expected.Of(channel, day, cancellation));
        var imported = new ReconciliationEvent.BillImported(
            channel, day, bill.FileName, sha256, read.Lines.Count, read.Paid, read.Refunded, read.Fees, now);
        await AppendNews(channel, day, [imported, .. Told(channel, day, comparison, now)], told, version, metadata);
        return await Import(channel, day, bill, metadata, cancellation);
    }

    private async Task<ReconciliationReport> ReceiveFunds(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation)
    {
        var (events, version) = await Load(channel, day, cancellation);
        var completed = events.OfType<ReconciliationEvent.Completed>().Single();
        if (events.OfType<ReconciliationEvent.FundsReceived>().Any())
            return new(channel, day, completed, true, null);
        if (await channels[channel].QueryFunds(day, cancellation) is not { } funds)
            return new(channel, day, completed, false, null);

        var repaid = await expected.AdvanceOpen(channel, day, funds.Amount, cancellation);
        var received = new ReconciliationEvent.FundsReceived(
            channel, day, funds.Amount, repaid, funds.BankReference, time.GetUtcNow());
        await log.TryAppend(codec, ids, StreamOf(channel, day), version, [received], metadata, CancellationToken.None);
        return await ReceiveFunds(channel, day, metadata, cancellation);
    }

    private static IEnumerable<ReconciliationEvent> Told(
        Channel channel, BusinessDay day, Comparison comparison, DateTimeOffset at)
    {
        foreach (var found in comparison.Discrepancies)
            yield return new ReconciliationEvent.DifferenceFound(
                channel, day, found.Class, found.Key, found.Field, found.Theirs, found.Ours, found.Excess);
        foreach (var carried in comparison.Carried)
            yield return new ReconciliationEvent.Carried(channel, day, carried.Key, carried.Amount, carried.Side);
        // A lost line is a difference now; left open, it would be one again every day.
        foreach (var met in comparison.CarriedMet.Concat(comparison.CarriedLost))
            yield return new ReconciliationEvent.CarriedMet(channel, day, met.Line.Key);
        yield return new ReconciliationEvent.Completed(
            channel, day, comparison.Matched, comparison.Discrepancies.Count, comparison.Carried.Count,
            comparison.CarriedMet.Count, comparison.TheirNet, comparison.OurNet, at);
    }

    // Small days in one append; a day of very many differences in several, each of which a restart goes on from.
    private async Task AppendNews(
        Channel channel, BusinessDay day, IReadOnlyList<ReconciliationEvent> all,
        IReadOnlyList<ReconciliationEvent> told, long version, EventMetadata metadata)
    {
        var known = told.Select(NameOf).ToHashSet();
        foreach (var chunk in all.Where(@event => !known.Contains(NameOf(@event))).Chunk(ChunkMax))
        {
            var result = await log.TryAppend(
                codec, ids, StreamOf(channel, day), version, chunk, metadata, CancellationToken.None);
            if (result.Outcome == AppendOutcome.Conflict)
                return;
            version = result.Version;
        }
    }

    private static string NameOf(ReconciliationEvent @event) => @event switch
    {
        ReconciliationEvent.DifferenceFound e => $"difference {e.Class} {e.Key} {e.Field}",
        ReconciliationEvent.Carried e => $"carried {e.Key}",
        ReconciliationEvent.CarriedMet e => $"met {e.Key}",
        _ => @event.GetType().Name,
    };

    private async Task<(IReadOnlyList<ReconciliationEvent> Events, long Version)> Load(
        Channel channel, BusinessDay day, CancellationToken cancellation)
    {
        var history = await log.Load<ReconciliationEvent>(codec, StreamOf(channel, day), cancellation);
        return (history.Events, history.Version);
    }

    private static StreamName StreamOf(Channel channel, BusinessDay day) =>
        new("reconciliation", $"{channel.Name()}_{day}");

    private static ReconciliationReport NotConnected(Channel channel, BusinessDay day) =>
        new(channel, day, null, false, ChannelDirectory.NotConnected(channel));

    private static ReconciliationReport Refused(
        Channel channel, BusinessDay day, ReconciliationRejection rejection, string detail) =>
        new(channel, day, null, false, Refusal.Of(rejection, $"{channel.Name()} {day}: {detail}"));
}
