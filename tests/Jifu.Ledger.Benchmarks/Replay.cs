using System.Diagnostics;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.TestKit;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>How fast read models follow the log from its beginning: all of them, one alone, and made again by
/// rebuild.</summary>
/// <remarks>Against what one writes first: for each event an upsert of one row of one view and of the checkpoint, in a
/// durable transaction. Printed beside it: the same with both statements in one round trip and without waiting for the
/// disk, as our own pages are written. Size: events in the log.</remarks>
internal static class Replay
{
    private const double Bar = 50;
    private static readonly Dictionary<string, List<Figure>> Figures = [];

    /// <summary>One run of one side.</summary>
    private sealed record Figure(double PerSecond, string Cost);

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = await UsedCluster.Start("max_wal_size=8GB");
        await using var ledger = await LedgerUnderLoad.Open(cluster);

        // Appended whole: the log's own speed is not the question here.
        await PastPayments.Fill(
            ledger.Log, options.Size ?? (options.Quick ? 100_000 : 1_000_000),
            (caller, n) => LedgerUnderLoad.Order(caller, Invariant($"{caller}-{n}")));
        var events = await ledger.Log.Head(default) + 1;
        var duration = options.Duration(3, 2);
        for (var round = 1; round <= (options.Quick ? 2 : 3); round++)
        {
            await Measured(cluster, "one upsert and commit per event", () => PlainFollower.AsWritten(ledger, duration));
            await Measured(cluster, "the same, one round trip, async", () => PlainFollower.Relaxed(ledger, duration));
            await Measured(cluster, "catch-up: payments", () => CaughtUp(ledger, [new PaymentProjection()], events));
            await Measured(cluster, "catch-up: journal", () => CaughtUp(ledger, [new JournalProjection()], events));
            await Measured(cluster, "catch-up: all read models", () => CaughtUp(ledger, Projections.All, events));
            await Measured(cluster, "made again: all read models", () => MadeAgain(ledger, events));
        }

        var peer = Median("one upsert and commit per event");
        Console.WriteLine(Invariant($"medians, {events} events:"));
        foreach (var name in Figures.Keys)
            Console.WriteLine(Invariant($"  {name,-32} {Median(name),9:N0} events/s, ratio {Median(name) / peer:0.0}"));
        await Compared(ledger);
        Console.WriteLine(Invariant($"posting ratio {Median("catch-up: journal") / peer:0.00} (bar {Bar:0.00}) ")
            + "against one upsert and durable commit per event");
        Console.WriteLine(Invariant($"replay ratio {Median("catch-up: all read models") / peer:0.00} (bar {Bar:0.00}) ")
            + "for all read models against one upsert and durable commit per event into one");
    }

    private static double Median(string name) =>
        Figures[name].Select(figure => figure.PerSecond).Order().ElementAt(Figures[name].Count / 2);

    private static async Task Measured(TestCluster cluster, string name, Func<Task<long>> run)
    {
        var (before, since) = (WorkCost.Now(cluster), Stopwatch.StartNew());
        var events = await run();
        var figure = new Figure(events / since.Elapsed.TotalSeconds, WorkCost.Now(cluster).Since(before).Each(events));
        if (!Figures.TryGetValue(name, out var figures))
            Figures.Add(name, figures = []);
        figures.Add(figure);
        Console.WriteLine(Invariant($"{name,-32} {figure.PerSecond,9:N0} events/s, {figure.Cost}"));
    }

    private static async Task<long> CaughtUp(
        LedgerUnderLoad ledger, IReadOnlyList<IProjection> projections, long events)
    {
        await ledger.Execute(string.Concat(
            projections.SelectMany(projection => projection.Tables).Select(table => $"TRUNCATE views.{table};"))
            + "DELETE FROM views.checkpoint");
        await ledger.ProjectorOf(projections).CatchUp(default);
        return events;
    }

    // The work of a rebuild without its comparison, which reads every row twice.
    private static async Task<long> MadeAgain(LedgerUnderLoad ledger, long events)
    {
        var replay = new ReadModels.Replay(ledger.Log, LedgerEvents.Codec, ledger.Owner, TimeProvider.System);
        await replay.Into("views_again", Projections.All, long.MaxValue, null, default);
        await replay.Drop("views_again", default);
        return events;
    }

    private static async Task Compared(LedgerUnderLoad ledger)
    {
        var since = Stopwatch.StartNew();
        var report = await new Rebuild(ledger.Log, LedgerEvents.Codec, ledger.Owner, TimeProvider.System)
            .Check(Projections.All, new Progress<(long, long)>(), default);
        Console.WriteLine(Invariant($"  jifu projections check: {since.Elapsed.TotalSeconds:N1} s, ")
            + (report.Identical ? "every view is what the log says" : "DIFFERENT"));
    }
}
