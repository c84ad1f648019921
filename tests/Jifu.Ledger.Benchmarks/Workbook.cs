using System.Diagnostics;
using System.Globalization;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Writes a reconciliation's workbook with so many rows, half of each side, and tells how long it took and how
/// much memory the process had at most.</summary>
internal static class Workbook
{
    private const int Differences = 5_000;
    private const double MebibytesMax = 300;

    public static async Task Run(BenchmarkOptions options)
    {
        var rows = options.Size ?? 1_000_000;
        var path = Path.GetTempFileName();
        try
        {
            var since = Stopwatch.StartNew();
            await using (var file = File.Create(path))
                await ReconciliationWorkbook.Write(file, Report(rows / 2), At(0), CancellationToken.None);
            Print(rows, since.Elapsed, new FileInfo(path).Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Print(long rows, TimeSpan took, long bytes)
    {
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64 / 1048576.0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rows:N0} rows of 11 cells in {took.TotalSeconds:0.0} s, {bytes / 1e6:0} MB, at most {peak:0} MiB"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"workbook ratio {MebibytesMax / peak:0.00} (bar 1.00) against {MebibytesMax:0} MiB"));
    }

    private static ReconciliationReport Report(long each) => new()
    {
        Title = "对账 2026-11-20", Notes = [], RowsLeftOut = "",
        Channels = [new("wechatpay", "CNY", ReportSide.None, ReportSide.None, each, 0, 0)],
        Differences = [.. Enumerable.Range(0, Differences).Select(row => new ReportDifference(
            "wechatpay", "amount_differs", $"SO20261120{row:D12}", "amount", "CNY 1.00", "CNY 1.01", "CNY", -1,
            $"19000{row % 500:D5}"))],
        DifferenceCount = Differences,
        Theirs = _ => Lines(each),
        Ours = _ => Lines(each),
    };

    private static async IAsyncEnumerable<ReportLine> Lines(long count)
    {
        await Task.Yield();
        for (var row = 0L; row < count; row++)
            yield return new(
                "wechatpay", BillLineKind.Payment, $"SO20261120{row:D12}", $"420000202611{row:D16}",
                100 + (row % 99_999), row % 60, "CNY", null, At(row), $"19000{row % 500:D5}", (int)row + 2);
    }

    private static DateTimeOffset At(long second) => new DateTimeOffset(2026, 11, 20, 0, 0, 0, BusinessDay.Offset)
        .AddSeconds(second % 86_400);
}
