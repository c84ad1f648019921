using System.Diagnostics;
using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>How long it takes to prove a log of paid payments: where it lives, as <c>jifu audit verify</c> does, and as
/// an archive of everything on another machine, with its public key. Size: events.</summary>
internal static class Verify
{
    private const double SecondsPerMillion = 60;

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = await UsedCluster.Start("max_wal_size=8GB");
        await using var ledger = await LedgerUnderLoad.Open(cluster);
        await PastPayments.Fill(
            ledger.Log, options.Size ?? (options.Quick ? 200_000 : 1_000_000),
            (caller, n) => LedgerUnderLoad.Order(caller, Invariant($"{caller}-{n}")));

        var folder = Directory.CreateTempSubdirectory("jifu-benchmark-").FullName;
        try
        {
            await Measured(ledger, folder, options.Quick ? 3 : 5);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measured(LedgerUnderLoad ledger, string folder, int rounds)
    {
        var key = SigningKey.NewRsa();
        var (log, book, copies) = (
            new StoredLog(ledger.Source), new CheckpointBook(ledger.Source), new CheckpointFolder(folder));
        using var notary = new Notary(
            log, book, copies, () => key, () => [key.Public], folder, TimeProvider.System,
            NullLogger<Notary>.Instance);
        var archive = Path.Combine(folder, "all.zip");
        var since = Stopwatch.StartNew();
        var export = new ArchiveExport(log, book, notary, () => key, TimeProvider.System);
        await using (var file = File.Create(archive))
            await export.Write((await export.Plan(new("all"), default))!, file, default);
        Console.WriteLine(Invariant($"exported in {since.Elapsed.TotalSeconds:0.0} s, ")
            + Invariant($"{new FileInfo(archive).Length / 1e6:N0} MB"));

        var live = new LiveCheck(log, book, copies, () => [key.Public], folder);
        var (inPlace, apart) = (new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            inPlace.Add(await Timed(() => live.Run(default)));
            apart.Add(await Timed(() => Task.FromResult(Checked(archive, key.Public))));
            Console.WriteLine(
                Invariant($"round {round}: log {inPlace[^1]:0.00}, archive {apart[^1]:0.00} s a million"));
        }

        Console.WriteLine(Invariant($"median, seconds for a million of events: log {Median(inPlace):0.00}, ")
            + Invariant($"archive {Median(apart):0.00}"));
        var slower = Math.Max(Median(inPlace), Median(apart));
        Console.WriteLine(Invariant($"verify ratio {SecondsPerMillion / slower:0.00} ")
            + "(bar 1.00) against a minute for a million of events, the slower of both");
    }

    private static EvidenceReport Checked(string archive, EvidenceKey key)
    {
        using var file = File.OpenRead(archive);
        return ArchiveCheck.Run(file, [key], []);
    }

    /// <returns>Seconds for a million of events.</returns>
    private static async Task<double> Timed(Func<Task<EvidenceReport>> check)
    {
        var since = Stopwatch.StartNew();
        var report = await check();
        return report is { IsGood: true, Proved: not null }
            ? since.Elapsed.TotalSeconds / report.Events * 1e6
            : throw new InvalidOperationException("What was just written does not prove itself.");
    }

    private static double Median(List<double> figures) => figures.Order().ElementAt(figures.Count / 2);
}
