using System.Diagnostics;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>A day of 10,000 merchants cleared by the product's own run: every item taken by a batch, fees, splits and
/// refunds summed, each merchant's position in the log and in the views, and read as finance's file reads it.
/// Settlements are not in it. Size: payments.</summary>
/// <remarks>Against one <c>GROUP BY</c> over the same rows, which only reads. What waits to be cleared is put into its
/// view as the projection writes it: one row a payment, one more for each tenth (a split), two more for each twentieth
/// (a refund).</remarks>
internal static class Clearing
{
    private const int Merchants = 10_000;
    private const double Bar = 2;
    private const long First = -1_000_000_000_000;

    private static readonly EventMetadata By = new("benchmark", "benchmark");

    private const string GroupBy = """
        SELECT merchant_id, currency, sum(payments), sum(refunds), sum(gross_minor), sum(refunded_minor),
            sum(fees_minor), sum(splits_minor), sum(brought_minor)
        FROM views.clearing_entry GROUP BY merchant_id, currency
        """;

    public static async Task Run(BenchmarkOptions options)
    {
        var payments = options.Size ?? (options.Quick ? 200_000 : 5_000_000);
        using var cluster = await UsedCluster.Start("max_wal_size=8GB");
        await using var ledger = await LedgerUnderLoad.Open(cluster);
        using var stop = new CancellationTokenSource();
        var following = Task.Run(() => ledger.Projector.Run(stop.Token));
        await Register(ledger);
        var today = BusinessDay.Of(TimeProvider.System.GetUtcNow());
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round <= 3; round++)
        {
            var day = new BusinessDay(today.Date.AddDays(round - 5));
            await Fill(ledger, payments, day);
            var groups = await Seconds(() => Group(ledger));
            var (seconds, parts) = await Cleared(ledger, day);
            Console.WriteLine(Invariant($"{(round == 0 ? "warm-up" : $"round {round}")}: cleared in {seconds:0.00} s ")
                + Invariant($"({parts}), GROUP BY {groups:0.00} s"));
            if (round == 0)
                continue;
            ours.Add(seconds);
            theirs.Add(groups);
        }

        await stop.CancelAsync();
        await following.ContinueWith(_ => { }, TaskScheduler.Default);
        var (our, their) = (ours.Order().ElementAt(1), theirs.Order().ElementAt(1));
        Console.WriteLine(Invariant($"median, {payments} payments, {Merchants} merchants: cleared in {our:0.00} s, ")
            + Invariant($"GROUP BY {their:0.00} s"));
        Console.WriteLine(Invariant($"clearing ratio {our / their:0.00} (bar {Bar:0.00}, less is better) ")
            + "against one GROUP BY over the same rows");
    }

    private static async Task<(double Seconds, string Parts)> Cleared(LedgerUnderLoad ledger, BusinessDay day)
    {
        var since = Stopwatch.StartNew();
        try
        {
            await ledger.ClearingUntil(new()).ClearDay(Channel.Sandbox, day, By, default);
            throw new InvalidOperationException("Settlements were to begin.");
        }
        catch (UntilSettlements.ReachedException)
        {
            // The batch is closed.
        }

        var run = since.Elapsed.TotalSeconds;
        await ledger.Projector.WaitForHead(default);
        var rows = await ledger.Cleared.ClearedOf(day, default);
        var seconds = since.Elapsed.TotalSeconds;
        if (rows.Count != Merchants)
            throw new InvalidOperationException($"{rows.Count} merchants were cleared.");
        return (seconds, Invariant($"run {run:0.00} s, positions in the views {seconds - run:0.00} s"));
    }

    private static async Task Fill(LedgerUnderLoad ledger, long payments, BusinessDay day)
    {
        await ledger.Execute("TRUNCATE views.clearing_entry, views.clearing_waiting");

        // In the order of the log, in which merchants come mixed. Positions before all that this log has.
        await ledger.Execute(Invariant($"""
            INSERT INTO views.clearing_entry
            SELECT {First} + 4 * (n - 1) + k, 'm' || (n * 7919) % {Merchants}, 'sandbox', 'CNY', '{day}', kind,
                'p' || n, p, r, p * (100 + n % 9900), refund * 30, p * (1 + n % 59) - fee, split, 0
            FROM generate_series(1::bigint, {payments}) AS n CROSS JOIN LATERAL (VALUES
                (0, 'payment', 1, 0, 0, 0, 0, 1), (1, 'split', 0, 0, 0, 0, 7, 10),
                (2, 'refund_held', 0, 1, 1, 0, 0, 20), (3, 'refund', 0, 0, 0, 1, -2, 20)
            ) AS item (k, kind, p, r, refund, fee, split, each)
            WHERE n % each = 0
            """));
        await ledger.Execute($"INSERT INTO views.clearing_waiting VALUES ('sandbox', '{day}', false, {First})");
        await ledger.Execute("VACUUM (ANALYZE) views.clearing_entry");
    }

    private static async Task Group(LedgerUnderLoad ledger)
    {
        await using var command = ledger.Owner.CreateCommand(GroupBy);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new object[reader.FieldCount];
        while (await reader.ReadAsync())
            reader.GetValues(values);
    }

    private static Task Register(LedgerUnderLoad ledger) => Parallel.ForEachAsync(
        Enumerable.Range(LedgerUnderLoad.Merchants, Merchants - LedgerUnderLoad.Merchants),
        new ParallelOptions { MaxDegreeOfParallelism = 256 },
        async (i, cancellation) => await ledger.Log.TryAppend<MerchantEvent>(
            LedgerEvents.Codec, ledger.Ids, new("merchant", Invariant($"m{i}")), -1,
            [new MerchantEvent.Registered(Invariant($"m{i}"), "account", TimeProvider.System.GetUtcNow())], By,
            cancellation));

    private static async Task<double> Seconds(Func<Task> work)
    {
        var since = Stopwatch.StartNew();
        await work();
        return since.Elapsed.TotalSeconds;
    }
}
