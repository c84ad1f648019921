using Jifu.Ledger.TestKit;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>From the command that starts the server until it takes payments, on a database that is there, and how much
/// memory it has needed by then. Size: events in the log.</summary>
/// <remarks>The program is the one that <c>scripts/run</c> starts, and ready is what <c>/health/ready</c> says. The
/// first start, which makes keys and tables, is not counted.</remarks>
internal static class Start
{
    private const double SecondsBar = 2;
    private const double MebibytesBar = 150;

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = TestCluster.Start(durable: true);
        await using var ledger = await LedgerUnderLoad.Open(cluster);
        await PastPayments.Fill(
            ledger.Log, options.Size ?? (options.Quick ? 20_000 : 500_000),
            (caller, n) => LedgerUnderLoad.Order(caller, Invariant($"{caller}-{n}")));
        await ledger.Projector.CatchUp(default);
        var home = Directory.CreateTempSubdirectory("jifu-benchmark-").FullName;
        try
        {
            await Started(ledger.Database, home, "first, not counted");
            var starts = new List<(double Seconds, double Mebibytes)>();
            for (var round = 1; round <= (options.Quick ? 5 : 9); round++)
                starts.Add(await Started(ledger.Database, home, Invariant($"round {round}")));
            var seconds = starts.Select(start => start.Seconds).Order().ElementAt(starts.Count / 2);
            var most = starts.Max(start => start.Mebibytes);
            Console.WriteLine(Invariant($"median, {await ledger.Log.Head(default) + 1} events: ready after ")
                + Invariant($"{seconds:0.00} s; at most {most:0} MiB (bar {MebibytesBar:0} MiB)"));
            Console.WriteLine(Invariant($"start ratio {SecondsBar / seconds:0.00} (bar 1.00) ")
                + Invariant($"against {SecondsBar:0} s; in memory {MebibytesBar / most:0.00} (bar 1.00)"));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<(double Seconds, double Mebibytes)> Started(
        TestDatabase database, string home, string round)
    {
        await using var server = await StartedServer.Start(database, home);
        var (seconds, mebibytes) = (server.ReadyAfter.TotalSeconds, server.PeakMebibytes);
        Console.WriteLine(Invariant($"{round}: ready after {seconds:0.00} s, ")
            + Invariant($"processor {server.ProcessorSeconds:0.00} s, {mebibytes:0} MiB"));
        return (seconds, mebibytes);
    }
}
