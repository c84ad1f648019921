using System.Diagnostics;
using System.Globalization;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Processor time that this program and the PostgreSQL beside it have used: what work costs, also on a machine
/// that others keep busy.</summary>
/// <param name="Program">Of this process.</param>
/// <param name="Database">Of the cluster's processes, those that have ended included.</param>
internal sealed record WorkCost(TimeSpan Program, TimeSpan Database)
{
    private const int TicksPerSecond = 100;

    public static WorkCost Now(TestCluster cluster) =>
        new(Process.GetCurrentProcess().TotalProcessorTime, cluster.KeeperProcessId is { } keeper
            ? TimeSpan.FromSeconds((double)Descendants(keeper, Table()) / TicksPerSecond)
            : TimeSpan.Zero);

    public WorkCost Since(WorkCost before) => new(Program - before.Program, Database - before.Database);

    /// <summary>For each of so many pieces of work, in microseconds.</summary>
    public string Each(long count) => FormattableString.Invariant(
        $"{(Program + Database).TotalMicroseconds / count,6:N1} µs of processor each ")
        + FormattableString.Invariant($"({Program.TotalMicroseconds / count:N1} program, ")
        + FormattableString.Invariant($"{Database.TotalMicroseconds / count:N1} database)");

    private static long Descendants(int process, ILookup<int, (int Id, long Ticks)> table) =>
        table[process].Sum(child => child.Ticks + Descendants(child.Id, table));

    private static ILookup<int, (int Id, long Ticks)> Table() => Directory.EnumerateDirectories("/proc")
        .Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])).Select(Stat).OfType<(int, int, long)>()
        .ToLookup(stat => stat.Item2, stat => (stat.Item1, stat.Item3));

    // Own and ended children's time, in user and system mode.
    private static (int Id, int Parent, long Ticks)? Stat(string path)
    {
        try
        {
            var text = File.ReadAllText($"{path}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (
                Number(Path.GetFileName(path)), Number(fields[1]), fields[11..15].Sum(ticks => (long)Number(ticks)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
