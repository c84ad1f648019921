using System.Diagnostics;
using System.Globalization;
using Jifu.Ledger.Operations.Reconciliation.Files;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>How fast a bill and an order export are compared, and in how much memory, with the differences written,
/// against DuckDB's full outer join of the same two files. Size: rows of each.</summary>
/// <remarks>Each run is a process of its own on either side, so that its greatest memory is its own; the time is that
/// of the work in it, without its start.</remarks>
internal static class Reconcile
{
    private const double Bar = 5;
    private const int MemoryBar = 96;

    /// <summary>One run of one side.</summary>
    internal sealed record Figure(
        double Seconds, double CpuSeconds, long PeakKilobytes, long Differences, string Method);

    public static Task Run(BenchmarkOptions options)
    {
        using var files = new ReconcileFiles(options.Size ?? (options.Quick ? 2_000_000 : 5_000_000));
        Console.WriteLine(Invariant($"bill {Size(files.Bill)} MB, orders {Size(files.Orders)} MB, ")
            + Invariant($"{ReconcileFiles.Planted} differences planted; ")
            + Invariant($"read like wc -l: {Seconds(() => CountLines(files)):0.00} s"));
        var (ours, theirs) = (new List<Figure>(), new List<Figure>());
        for (var round = 1; round <= (options.Quick ? 3 : 5); round++)
        {
            ours.Add(Told("ours", Child(files)));
            if (DuckDbJoin.Run(files) is { } joined)
                theirs.Add(Told("DuckDB", joined));
        }

        var (our, their) = (Median(ours), theirs.Count > 0 ? Median(theirs) : null);
        Console.WriteLine("medians: ours " + Text(our, ours) + Invariant($" (bar {MemoryBar} MB); ")
            + (their is null ? "no DuckDB" : "DuckDB " + Text(their, theirs)));
        Console.WriteLine(their is null
            ? "reconcile: no ratio, DuckDB could not be installed by npm"
            : Invariant($"reconcile ratio {their.Seconds / our.Seconds:0.00} (bar {Bar:0.00}) ")
                + "against DuckDB's full outer join");
        return Task.CompletedTask;
    }

    /// <summary>The work of the process that only reconciles: compares and prints its figures.</summary>
    public static int Only(string bill, string orders, string differences)
    {
        var mapping = new OrderMapping
        {
            Number = "订单号", Kind = "类型", Amount = "金额", Fee = "手续费", Status = "状态", At = "支付时间",
        };
        var request = new FileReconciliationRequest(
            bill, Channel.WeChatPay, orders, mapping, new(new(2026, 11, 20)), null, differences);
        var since = Stopwatch.StartNew();
        var result = FileReconciler.Run(request);
        var seconds = since.Elapsed.TotalSeconds;
        Console.WriteLine(Invariant($"{seconds}\t{Environment.CpuUsage.TotalTime.TotalSeconds}\t{Peak()}\t")
            + Invariant($"{result.DifferenceCount}\t{result.Method}"));
        return 0;
    }

    internal static Figure Parsed(string line)
    {
        var cells = line.Trim().Split('\t');
        return new(
            double.Parse(cells[0], CultureInfo.InvariantCulture), double.Parse(cells[1], CultureInfo.InvariantCulture),
            long.Parse(cells[2], CultureInfo.InvariantCulture), long.Parse(cells[3], CultureInfo.InvariantCulture),
            cells[4]);
    }

    private static Figure Child(ReconcileFiles files)
    {
        using var child = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!,
            [.. Entry(), "reconcile-only", files.Bill, files.Orders, files.Differences])
        {
            RedirectStandardOutput = true,
            // As `jifu` has them in its project.
            Environment =
            {
                ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountingDelayMs"] = "7D0", ["DOTNET_gcServer"] = "0",
                ["DOTNET_GCGen0MaxBudget"] = "200000",
            },
        })!;
        var line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return Parsed(line);
    }

    // Started by dotnet, the program is its first argument.
    private static IEnumerable<string> Entry() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(Reconcile).Assembly.Location]
            : [];

    private static Figure Told(string who, Figure figure)
    {
        Console.WriteLine(Invariant($"{who,-8} {figure.Seconds,6:0.00} s, processor {figure.CpuSeconds,6:0.00} s, ")
            + Invariant($"{figure.PeakKilobytes / 1024,5} MB, {figure.Differences} differing rows, {figure.Method}"));
        return figure;
    }

    private static string Text(Figure median, List<Figure> all) => Invariant(
        $"{median.Seconds:0.00} s, processor {median.CpuSeconds:0.00} s, {Peak(all)} MB");

    private static long Peak(List<Figure> all) => all.Max(each => each.PeakKilobytes) / 1024;

    private static Figure Median(List<Figure> figures) =>
        figures.OrderBy(figure => figure.Seconds).ElementAt(figures.Count / 2);

    private static long Size(string path) => new FileInfo(path).Length / 1_000_000;

    private static double Seconds(Action work)
    {
        var since = Stopwatch.StartNew();
        work();
        return since.Elapsed.TotalSeconds;
    }

    private static void CountLines(ReconcileFiles files)
    {
        var buffer = new byte[1 << 20];
        foreach (var path in new[] { files.Bill, files.Orders })
        {
            using var file = File.OpenHandle(path);
            long lines = 0;
            for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and var read; at += read)
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }
    }

    private static long Peak() => long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
