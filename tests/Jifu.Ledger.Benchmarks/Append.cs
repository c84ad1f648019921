using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Durable appends of one event of 300 bytes, expected version checked, by 512 callers; streams of ten
/// events.</summary>
/// <remarks>Against one transaction an append: one prepared INSERT into a table just like ours, positions from a
/// sequence,
/// the unique index as the check, over 16 or 64 connections, whichever is faster. Size: events in both tables
/// before.</remarks>
internal static class Append
{
    private const int Callers = 512;
    private const int EventsPerStream = 10;
    private const double Bar = 8;
    private const double BarWhenFull = 5;

    private static readonly byte[] Payload = [.. Enumerable.Range(0, 300).Select(i => (byte)('a' + (i % 26)))];
    private static readonly byte[] NoLink = new byte[32];
    private static readonly EventMetadata Metadata = new("key-7", "request-1", "command-1");
    private static readonly IdSource Ids = IdSource.TimeOrdered(TimeProvider.System);

    private static int _run;

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = await UsedCluster.Start();
        await using var database = await TestDatabase.Create(cluster, [SchemaModule.EventLog]);
        await AppendTables.Make(database, options.Size ?? 0, Payload, Metadata);
        var duration = options.Duration(4, 2);

        await using var log = new PostgreSqlEventLog(database.AppConnection, TimeProvider.System);
        await using var few = Source(database, 16);
        await using var many = Source(database, 64);
        await Grouped(log, Callers, duration / 4);
        var withFew = await OneByOne(few, Callers, duration / 2);
        var withMany = await OneByOne(many, Callers, duration / 2);
        var (source, connections) = withFew.PerSecond > withMany.PerSecond ? (few, 16) : (many, 64);
        Console.WriteLine($"one transaction each, 16 connections {withFew}");
        Console.WriteLine($"one transaction each, 64 connections {withMany}");

        await using var watched = await few.OpenConnectionAsync();
        var (ours, theirs) = (new Side(watched.ProcessID), new Side(watched.ProcessID));
        for (var round = 0; round < 5; round++)
        {
            await theirs.Add(() => OneByOne(source, Callers, duration));
            await ours.Add(() => Grouped(log, Callers, duration));
            Console.WriteLine($"round {round + 1}: group commit {ours.Last}, one transaction each {theirs.Last}");
        }

        await Alone(log, few, duration / 4);
        var events = await log.Head(default) + 1;
        Console.WriteLine($"median, {Callers} callers, {events} events in the log, {connections} connections:");
        Console.WriteLine($"  group commit           {ours}\n  one transaction each   {theirs}");
        Console.WriteLine(Invariant($"append processor time ratio {theirs.Microseconds / ours.Microseconds:0.00}"));
        Console.WriteLine(Invariant($"append p99 ratio {ours.Median.P99 / theirs.Median.P99:0.00} (bar 0.50), ")
            + "smaller is better");
        var bar = options.Size >= 10_000_000 ? BarWhenFull : Bar;
        Console.WriteLine(Invariant($"append ratio {ours.Median.PerSecond / theirs.Median.PerSecond:0.00} ")
            + Invariant($"(bar {bar:0.00}) against one transaction per append"));
    }

    /// <summary>One caller must not pay for the many.</summary>
    private static async Task Alone(PostgreSqlEventLog log, NpgsqlDataSource source, TimeSpan duration)
    {
        var (ours, theirs) = (new List<LoadFigures>(), new List<LoadFigures>());
        for (var round = 0; round < 3; round++)
        {
            ours.Add(await Grouped(log, 1, duration / 2));
            theirs.Add(await OneByOne(source, 1, duration / 2));
        }

        var (mine, plain) = (LoadFigures.Median(ours).P50, LoadFigures.Median(theirs).P50);
        Console.WriteLine(Invariant($"one caller alone, median time of an append: {mine:0.00} ms, ")
            + Invariant($"of a transaction of its own {plain:0.00} ms"));
    }

    private static Task<LoadFigures> Grouped(PostgreSqlEventLog log, int callers, TimeSpan duration)
    {
        var run = ++_run;
        return Load.Run(callers, duration, async (caller, n) =>
        {
            var result = await log.Append(
                StreamOf(run, caller, n), (n % EventsPerStream) - 1, [new(Ids.Next(), "payment.succeeded", Payload)],
                Metadata, default);
            if (result.Outcome != AppendOutcome.Appended)
                throw new InvalidOperationException($"{result}");
        });
    }

    private static Task<LoadFigures> OneByOne(NpgsqlDataSource source, int callers, TimeSpan duration)
    {
        var run = ++_run;
        return Load.Run(callers, duration, async (caller, n) =>
        {
            await using var command = source.CreateCommand("""
                INSERT INTO plain.events
                    (stream, version, event_id, type, recorded_at, actor, correlation_id, causation_id, payload, link)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StreamOf(run, caller, n).ToString() });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = n % EventsPerStream });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Ids.Next() });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "payment.succeeded" });
            var now = TimeProvider.System.GetUtcNow();
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Metadata.Actor });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Metadata.CorrelationId });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Metadata.CausationId! });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Payload });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = NoLink });
            await command.ExecuteNonQueryAsync();
        });
    }

    private static StreamName StreamOf(int run, int caller, int n) =>
        new("payment", Invariant($"{run}-{caller}-{n / EventsPerStream}"));

    private static NpgsqlDataSource Source(TestDatabase database, int connections) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.AppConnection)
        {
            MaxPoolSize = connections,
            MinPoolSize = connections,
            NoResetOnClose = true,
            MaxAutoPrepare = 4,
            AutoPrepareMinUsages = 1,
            Timeout = 60,
        });

    /// <summary>The runs of one side, and the processor time they took.</summary>
    private sealed class Side(int serverProcessId)
    {
        private readonly List<LoadFigures> _runs = [];
        private CpuTime _used;

        public LoadFigures Last => _runs[^1];

        public LoadFigures Median => LoadFigures.Median(_runs);

        private int Calls => _runs.Sum(run => run.Calls);

        /// <summary>For one append, of program and server together.</summary>
        public double Microseconds => _used.Total / Calls * 1e6;

        public async Task Add(Func<Task<LoadFigures>> run)
        {
            var before = CpuTime.Now(serverProcessId);
            _runs.Add(await run());
            _used += CpuTime.Now(serverProcessId) - before;
        }

        public override string ToString() => Invariant($"{Median}  processor time of one: ")
            + Invariant($"program {_used.Program / Calls * 1e6:0.0} us, server {_used.Server / Calls * 1e6:0.0} us");
    }
}
