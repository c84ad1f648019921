using System.Diagnostics;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.TestKit;
using Npgsql;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>How fast read models follow the log from its beginning: all of them, the journal alone, and by
/// rebuild.</summary>
/// <remarks>Against what one writes first: an upsert of one row and of the checkpoint, and a commit, for each event.
/// Size: events in the log.</remarks>
internal static class Replay
{
    private const double Bar = 50;
    private static readonly EventMetadata By = new("benchmark", "benchmark");

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = TestCluster.Start(durable: true, "min_wal_size=2GB");
        await using var ledger = await LedgerUnderLoad.Open(cluster);
        await Fill(ledger, options.Size ?? (options.Quick ? 60_000 : 200_000));
        var events = await ledger.Log.Head(default) + 1;
        var rounds = options.Quick ? 1 : 3;
        var duration = options.Duration(3, 2);

        var (all, journal, single) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            single.Add(await OneByOne(ledger, duration));
            journal.Add(await CaughtUp(ledger, [new JournalProjection()], events));
            all.Add(await CaughtUp(ledger, Projections.All, events));
            Console.WriteLine(Invariant(
                $"round {round}: all {all[^1]:N0}, journal {journal[^1]:N0}, one by one {single[^1]:N0} events/s"));
        }

        Console.WriteLine(Invariant($"median, {events} events:"));
        Console.WriteLine(Invariant($"  all read models        {Median(all),10:N0} events/s"));
        Console.WriteLine(Invariant($"  posting: journal alone {Median(journal),10:N0} events/s"));
        Console.WriteLine(Invariant($"  one upsert and commit  {Median(single),10:N0} events/s"));
        foreach (var projection in new IProjection[] { new JournalProjection(), new PaymentProjection() })
            await Rebuilt(ledger, projection, events);
        Console.WriteLine(Invariant($"posting ratio {Median(journal) / Median(single):0.00} (bar {Bar:0.00}) ")
            + "against one upsert and commit per event");
        Console.WriteLine(Invariant($"replay ratio {Median(all) / Median(single):0.00} (bar {Bar:0.00}) ")
            + "for all read models against one upsert and commit per event into one");
    }

    private static double Median(List<double> runs) => runs.Order().ElementAt(runs.Count / 2);

    /// <summary>Payments that the rules have made, appended whole: the log's own speed is not the question
    /// here.</summary>
    private static async Task Fill(LedgerUnderLoad ledger, long events)
    {
        const int callers = 256;
        long made = 0;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var n = 0; Interlocked.Read(ref made) < events; n++)
            {
                var order = LedgerUnderLoad.Order(caller, Invariant($"{caller}-{n}"));
                var id = PaymentId.Of(order.Merchant, order.MerchantOrderNo);
                var life = Life(id, order);
                await ledger.Log.TryAppend(
                    LedgerEvents.Codec, ledger.Ids, new("payment", id.Value), -1, life, By, default);
                Interlocked.Add(ref made, life.Count);
            }
        })));
    }

    private static List<PaymentEvent> Life(PaymentId id, PaymentOrder order)
    {
        var now = TimeProvider.System.GetUtcNow();
        var day = BusinessDay.Of(now);
        var quote = FeeQuote.For(
            order.Amount, new(6000), FeeOnRefund.Returned, new(Channel.Sandbox, new(3800), FeeOnRefund.Returned));
        PaymentCommand[] commands =
        [
            new PaymentCommand.Create(order, new(quote, [], day), new(true, []), now),
            new PaymentCommand.Accept("code", now),
            new PaymentCommand.Succeed($"ch{id}", order.Amount, now, day, now),
        ];
        var life = new List<PaymentEvent>();
        foreach (var command in commands)
            life.AddRange(PaymentRules.Decide(PaymentHistory.Of(life), command).Events);
        return life;
    }

    private static async Task<double> CaughtUp(
        LedgerUnderLoad ledger, IReadOnlyList<IProjection> projections, long events)
    {
        await Execute(ledger.Owner, string.Concat(
            projections.SelectMany(projection => projection.Tables).Select(table => $"TRUNCATE views.{table};"))
            + "DELETE FROM views.checkpoint");
        var projector = ledger.ProjectorOf(projections);
        var since = Stopwatch.StartNew();
        await projector.CatchUp(default);
        return events / since.Elapsed.TotalSeconds;
    }

    private static async Task Rebuilt(LedgerUnderLoad ledger, IProjection projection, long events)
    {
        var since = Stopwatch.StartNew();
        var report = await new Rebuild(ledger.Log, LedgerEvents.Codec, ledger.Owner, TimeProvider.System)
            .Run([projection], new Progress<(long, long)>(), default);
        Console.WriteLine(Invariant($"  rebuild of {projection.Name,-12}{events / since.Elapsed.TotalSeconds,10:N0} ")
            + $"events/s, compared and swapped, {(report.Identical ? "identical" : "NOT IDENTICAL")}");
    }

    private static async Task<double> OneByOne(LedgerUnderLoad ledger, TimeSpan duration)
    {
        await Execute(ledger.Owner, """
            DROP TABLE IF EXISTS views.plain;
            CREATE TABLE views.plain (
                payment_id text PRIMARY KEY, status text NOT NULL, position bigint NOT NULL);
            CREATE TABLE IF NOT EXISTS views.plain_checkpoint (one int PRIMARY KEY, position bigint NOT NULL);
            INSERT INTO views.plain_checkpoint VALUES (1, -1) ON CONFLICT DO NOTHING
            """);
        var page = await ledger.Log.ReadAll(-1, 5000, default);
        await using var connection = await ledger.Owner.OpenConnectionAsync();

        // As our own pages are written: the log has it all, so neither side waits for the disk.
        await using (var relax = new NpgsqlCommand("SET synchronous_commit = off", connection))
            await relax.ExecuteNonQueryAsync();
        var since = Stopwatch.StartNew();
        long applied = 0;
        for (; since.Elapsed < duration; applied++)
            await Upsert(connection, page[(int)(applied % page.Count)]);
        return applied / since.Elapsed.TotalSeconds;
    }

    // Both statements travel together and are one transaction: the plain way done well.
    private static async Task Upsert(NpgsqlConnection connection, RecordedEvent recorded)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""
                    INSERT INTO views.plain (payment_id, status, position) VALUES ($1, $2, $3)
                    ON CONFLICT (payment_id) DO UPDATE SET status = excluded.status, position = excluded.position
                    """)
                {
                    Parameters =
                    {
                        new() { Value = recorded.Stream.Id },
                        new() { Value = recorded.Type },
                        new() { Value = recorded.Position },
                    },
                },
                new("UPDATE views.plain_checkpoint SET position = $1 WHERE one = 1")
                {
                    Parameters = { new() { Value = recorded.Position } },
                },
            },
        };
        await batch.ExecuteNonQueryAsync();
    }

    private static async Task Execute(NpgsqlDataSource source, string sql)
    {
#pragma warning disable CA2100 // Names of our own tables only.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
