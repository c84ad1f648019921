using System.Diagnostics;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Merchants;
using Jifu.Ledger.TestKit;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Double entries with balance check: transfers between merchants by 512 callers, through the public desk,
/// durable when they are answered, while journal and balances follow.</summary>
/// <remarks>Once between 10 hot accounts, once between many cold ones; against pgbench's TPC-B-like transactions on the
/// same server, one after the other. Size: cold accounts.</remarks>
internal static class Posting
{
    private const int Callers = 512;
    private const int HotAccounts = 10;
    private const double Bar = 8;

    private static readonly EventMetadata By = new("benchmark", "benchmark");
    private static readonly MerchantId Treasury = new("treasury");

    public static async Task Run(BenchmarkOptions options)
    {
        var accounts = (int)(options.Size ?? 100_000);
        using var cluster = await UsedCluster.Start();
        var pgbench = new PgBench(cluster);
        await pgbench.Prepare(options.Quick ? 10 : 20);
        await using var ledger = await LedgerUnderLoad.Open(cluster);
        using var stop = new CancellationTokenSource();
        var projector = ledger.ProjectorOf([new MerchantProjection(), new JournalProjection(), new FundsProjection()]);
        var following = Task.Run(() => projector.Run(stop.Token));
        await Endow(ledger, accounts);
        await projector.WaitForHead(default);
        var duration = options.Duration(4, 1.5);
        await pgbench.Run(duration / 2);

        var (hot, cold, theirs) = (new List<LoadFigures>(), new List<LoadFigures>(), new List<double>());
        for (var round = 1; round <= (options.Quick ? 3 : 5); round++)
        {
            theirs.Add(await pgbench.Run(duration));
            cold.Add(await Transfers(cluster, ledger, projector, $"c{round}", accounts, duration));
            hot.Add(await Transfers(cluster, ledger, projector, $"h{round}", HotAccounts, duration));
            Console.WriteLine(Invariant($"round {round}: cold {cold[^1]}, hot {hot[^1]}, TPC-B {theirs[^1]:N0}/s"));
        }

        await stop.CancelAsync();
        await following.ContinueWith(_ => { }, TaskScheduler.Default);
        var (ofCold, ofHot) = (LoadFigures.Median(cold), LoadFigures.Median(hot));
        var transactions = theirs.Order().ElementAt(theirs.Count / 2);
        Console.WriteLine($"median, {Callers} callers, {await ledger.Log.Head(default) + 1} events:");
        Console.WriteLine(Invariant($"  {accounts} cold accounts  {ofCold}\n  {HotAccounts} hot accounts  {ofHot}"));
        Console.WriteLine(Invariant($"  TPC-B  {transactions:N0}/s"));
        Console.WriteLine(Invariant($"posting hot ratio {ofHot.PerSecond / ofCold.PerSecond:0.00} (bar 1.00) ")
            + $"against {accounts} cold accounts");
        Console.WriteLine(Invariant($"posting ratio {ofCold.PerSecond / transactions:0.00} (bar {Bar:0.00}) ")
            + "against pgbench TPC-B");
    }

    /// <summary>What callers were answered; and, printed, how far journal and balances were behind by then.</summary>
    private static async Task<LoadFigures> Transfers(
        TestCluster cluster, LedgerUnderLoad ledger, ReadModels.Projector projector, string run, int accounts,
        TimeSpan duration)
    {
        var before = WorkCost.Now(cluster);
        var figures = await Load.Run(Callers, duration, async (caller, n) =>
        {
            // Any walk over all accounts that meets each about as often as any other.
            var from = (int)((((long)caller * 7919) + ((long)n * 104_729)) % accounts);
            await Transfer(ledger, AccountOf(from), AccountOf((from + 1) % accounts), 1, $"{run}-{caller}-{n}");
        });
        var since = Stopwatch.StartNew();
        await projector.WaitForHead(default);
        var cost = WorkCost.Now(cluster).Since(before).Each(figures.Calls);
        Console.WriteLine(Invariant($"  {run}: {cost}; journal and balances {since.ElapsedMilliseconds} ms behind"));
        return figures;
    }

    private static async Task Transfer(LedgerUnderLoad ledger, MerchantId from, MerchantId to, long fen, string no)
    {
        var outcome = await ledger.Funds.Transfer(
            new(no), from, Account.Available(to), new(fen, Currency.CNY), "benchmark", By, default);
        if (outcome is not { IsNew: true, Refusal: null })
            throw new InvalidOperationException($"{no}: {outcome}");
    }

    /// <summary>Registers the accounts, and gives each the same from one that may owe.</summary>
    private static async Task Endow(LedgerUnderLoad ledger, int accounts)
    {
        var now = TimeProvider.System.GetUtcNow();
        await Each(accounts + 1, async i =>
        {
            var id = i == accounts ? Treasury : AccountOf(i);
            await ledger.Log.TryAppend<MerchantEvent>(
                LedgerEvents.Codec, ledger.Ids, new("merchant", id.Value), -1,
                [new MerchantEvent.Registered(id.Value, "account", now)], By, default);
        });
        await ledger.Funds.SetOverdraftLimit(
            Treasury, new(Money.LargestMinorUnits, Currency.CNY), "benchmark", By, default);
        await Each(accounts, i => Transfer(ledger, Treasury, AccountOf(i), 10_000_000, $"endow-{i}"));
    }

    private static Task Each(int count, Func<int, Task> work)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
                await work(i);
        })));
    }

    private static MerchantId AccountOf(int i) => new(Invariant($"a{i}"));
}
