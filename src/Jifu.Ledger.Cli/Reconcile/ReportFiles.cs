using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>The files of a report: what each is called, and how it comes to be.</summary>
internal static class ReportFiles
{
    /// <summary>For programs, all differences however many: what the comparison itself writes.</summary>
    public const string AllDifferences = "differences.machine.csv";

    private const string Workbook = "reconciliation.xlsx", Differences = "differences.csv", Page = "report.html";
    private const string Summary = "summary.txt", Json = "summary.json", Mapping = "mapping.json";

    /// <summary>All files that a report may have.</summary>
    public static readonly string[] Names = [Workbook, Differences, AllDifferences, Page, Summary, Json, Mapping];

    public static async Task Write(
        ReportFolder folder, OfflineRequest request, FileReconciliationRequest compared,
        FileReconciliationResult result, ReconciliationReport report, CancellationToken cancellation)
    {
        var at = Time(request);
        await using (var book = File.Create(Path.Combine(folder.Draft, Workbook)))
            await ReconciliationWorkbook.Write(book, report, at, cancellation);
        await using (var csv = File.Create(Path.Combine(folder.Draft, Differences)))
        {
            var isForPrograms = request.Profile is CsvProfile.Machine;
            using var table = new CsvTable(csv, request.Profile, DifferenceTable.Headings(report, isForPrograms));
            DifferenceTable.Write(table, report, isForPrograms);
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder.Draft, Page), ReconciliationPage.Write(report), cancellation);
        await using (var summary = File.CreateText(Path.Combine(folder.Draft, Json)))
            OfflinePrint.Json(request, compared, result, report, summary);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Draft, Summary), OfflinePrint.Summary(request, result, report), cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Draft, Mapping), MappingFile.Write(compared.Mapping), cancellation);
        // What the table above holds, too; only a list that was cut short needs the whole one beside it.
        if (report.DifferenceCount == report.Differences.Count)
            File.Delete(Path.Combine(folder.Draft, AllDifferences));
        foreach (var made in Directory.EnumerateFiles(folder.Draft, $"{request.Orders.Name}.csv"))
            File.Delete(made);
    }

    // The bill's own time, so that the same files make the same report.
    private static DateTimeOffset Time(OfflineRequest request)
    {
        var written = new DateTimeOffset(request.Bill.LastWriteTimeUtc, TimeSpan.Zero);
        var earliest = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return written < earliest ? earliest : written;
    }
}
