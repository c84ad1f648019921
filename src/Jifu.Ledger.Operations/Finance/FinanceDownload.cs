using System.Globalization;
using System.Security.Cryptography;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.ReadModels.Settlements;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>Makes the finance download (财务下载) of a closed business day: one zip in which every fen is
/// explained.</summary>
/// <remarks>
/// Only facts that can no longer change go in, so the same closed day always has the same bytes. Nothing is written for
/// a day that is still open. What stands in the zip: docs/reference/finance-files.md.
/// </remarks>
public sealed class FinanceDownload(ViewDatabase views, TimeProvider time)
{
    /// <summary>Of the files' layout and contents; a correction is a new version, never an overwrite.</summary>
    internal const int Version = 3;

    private static readonly TimeSpan LateCommands = TimeSpan.FromSeconds(60);

    private readonly DayQueries _journal = new(views);
    private readonly OrderBillQueries _orders = new(views);
    private readonly ClearingQueries _clearing = new(views);
    private readonly SettlementQueries _settlements = new(views);
    private readonly ReconciliationQueries _reconciliation = new(views);
    private readonly DifferenceQueries _differences = new(views);
    private readonly OpenEndQueries _openEnds = new(views);

    /// <summary>What the day's zip is called.</summary>
    public static string NameOf(BusinessDay day) => string.Create(
        CultureInfo.InvariantCulture, $"jifu_finance_{day}_v{Version}.zip");

    /// <summary>Writes the day's zip into a folder, whole or not at all.</summary>
    /// <exception cref="FinanceFileDiffersException">It is there already with other bytes.</exception>
    public async Task<FinanceReport> Write(BusinessDay day, string folder, CancellationToken cancellation)
    {
        var openEnds = await OpenEnds(day, cancellation);
        if (openEnds.Count > 0)
            return new FinanceReport.DayNotClosed(day, openEnds);

        var path = Path.Combine(folder, NameOf(day));
        using var draft = new FileDraft(path);
        IReadOnlyList<TieLine> tieOut;
        using (var archive = new DayArchive(day, draft.Stream))
            tieOut = await Fill(archive, day, cancellation);
        draft.Stream.Position = 0;
        var sha256 = await Sha256(draft.Stream, cancellation);

        // Never over an older file, also when two exports run at once: the later one finds the earlier one's.
        if (draft.TryCreate())
            return new FinanceReport.Written(day, path, sha256, tieOut, AlreadyThere: false);
        await using var older = File.OpenRead(path);
        return await Sha256(older, cancellation) is var there && there == sha256
            ? new FinanceReport.Written(day, path, sha256, tieOut, AlreadyThere: true)
            : throw new FinanceFileDiffersException(path, there, sha256);
    }

    /// <summary>What keeps the day from being closed; none when it is.</summary>
    public async Task<IReadOnlyList<OpenEnd>> OpenEnds(BusinessDay day, CancellationToken cancellation) =>
        day >= BusinessDay.Of(time.GetUtcNow() - LateCommands)
            ? [new() { Reason = "day_not_over", Channel = "", Day = day }]
            : await _openEnds.UpTo(day, cancellation);

    private async Task<IReadOnlyList<TieLine>> Fill(
        DayArchive archive, BusinessDay day, CancellationToken cancellation)
    {
        var orders = await archive.Add(
            OrdersFile.Name, OrdersFile.Headers,
            sheet => OrdersFile.Write(sheet, _orders.Lines(day, null, cancellation)));
        var fundFlow = await archive.Add(
            FundFlowFile.Name, FundFlowFile.Headers,
            sheet => FundFlowFile.Write(sheet, _journal.Lines(day, cancellation)));
        var settled = new DaySettlement(
            await _clearing.BatchesOf(day, cancellation), await _clearing.ClearedOf(day, cancellation),
            await _settlements.OfDay(day, cancellation));
        var settlement = await archive.Add(
            SettlementFile.Name, SettlementFile.Headers, sheet => SettlementFile.Write(sheet, settled));
        var reconciled = await Reconciled(day, cancellation);
        var differences = await archive.Add(
            DifferencesFile.Name, DifferencesFile.Headers, sheet => DifferencesFile.Write(sheet, reconciled));
        var stillOpen = await _differences.OpenAsOf(day, cancellation);
        var open = await archive.Add(
            OpenDifferencesFile.Name, OpenDifferencesFile.Headers,
            sheet => OpenDifferencesFile.Write(sheet, day, stillOpen));

        var accounts = await _journal.Accounts(day, cancellation);
        var tieOut = new TieOut(await _journal.RuleTotals(day, cancellation), accounts)
        {
            Orders = orders, FundFlow = fundFlow, Settlement = settlement,
            Differences = reconciled, DifferenceSums = differences, OpenSums = open,
        }.Lines();
        await archive.Add(
            SummaryFile.Name, SummaryFile.Headers, sheet => SummaryFile.Write(sheet, accounts, tieOut));
        archive.AddManifest(await _journal.Span(day, cancellation), tieOut.All(line => line.Ties));
        return tieOut;
    }

    private async Task<DayDifferences> Reconciled(BusinessDay day, CancellationToken cancellation) => new(
        day, await _reconciliation.OfDay(day, cancellation),
        await _reconciliation.DifferencesBooked(day, cancellation),
        await _reconciliation.CarriesBooked(day, day, cancellation), await _differences.Moved(day, cancellation));

    private static async Task<string> Sha256(Stream stream, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
}
