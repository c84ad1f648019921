using System.Diagnostics;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Whole payments by 512 callers: judged, made, paid, posted, and every read model caught up.</summary>
/// <remarks>
/// Without HTTP and without a channel: one in our own process answers "paid" at once. The clock stops when the read
/// models hold the last payment. Against pgbench's TPC-B-like transactions on the same server, one after the other.
/// Size: pgbench's scale.
/// </remarks>
internal static class Payment
{
    private const int Callers = 512;
    private const double Bar = 2;

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = await UsedCluster.Start();
        var pgbench = new PgBench(cluster);
        await pgbench.Prepare(options.Size ?? (options.Quick ? 10 : 20));
        await using var ledger = await LedgerUnderLoad.Open(cluster);
        using var stop = new CancellationTokenSource();
        var following = Task.Run(() => ledger.Projector.Run(stop.Token));
        var duration = options.Duration(5, 3);

        // A server that has run for a while has compiled its code for good: that takes seconds on a busy machine.
        await Payments(ledger, 0, TimeSpan.FromSeconds(5));
        await pgbench.Run(duration / 3);
        var rounds = options.Quick ? 3 : 5;
        var (ours, theirs) = (new List<LoadFigures>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            theirs.Add(await pgbench.Run(duration));
            var before = WorkCost.Now(cluster);
            ours.Add(await Payments(ledger, round, duration));
            var cost = WorkCost.Now(cluster).Since(before).Each((long)(ours[^1].PerSecond * duration.TotalSeconds));
            Console.WriteLine(Invariant($"round {round}: payments {ours[^1]}, TPC-B {theirs[^1]:N0}/s; {cost}"));
        }

        await stop.CancelAsync();
        await following.ContinueWith(_ => { }, TaskScheduler.Default);
        var payments = LoadFigures.Median(ours);
        var transactions = theirs.Order().ElementAt(theirs.Count / 2);
        var events = await ledger.Log.Head(default) + 1;
        Console.WriteLine($"median, {Callers} callers, {LedgerUnderLoad.Merchants} merchants, {events} events:");
        Console.WriteLine(Invariant($"  whole payments  {payments}\n  TPC-B           {transactions,10:N0}/s"));
        Console.WriteLine(Invariant($"payment ratio {payments.PerSecond / transactions:0.00} (bar {Bar:0.00}) ")
            + "against pgbench TPC-B");
    }

    private static async Task<LoadFigures> Payments(LedgerUnderLoad ledger, int run, TimeSpan duration)
    {
        var since = Stopwatch.StartNew();
        var figures = await Load.Run(
            Callers, duration, (caller, n) => ledger.Pay(caller, Invariant($"{run}-{caller}-{n}")));
        var answered = since.Elapsed;
        await ledger.Projector.WaitFor(await ledger.Log.Head(default), default);

        // What the callers were answered is done only when it can be read.
        return figures with { PerSecond = figures.PerSecond * (answered / since.Elapsed) };
    }
}
