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

    private static readonly byte[] Payload = [.. Enumerable.Range(0, 300).Select(i => (byte)('a' + (i % 26)))];
    private static readonly byte[] NoLink = new byte[32];
    private static readonly EventMetadata Metadata = new("key-7", "request-1", "command-1");
    private static readonly IdSource Ids = IdSource.TimeOrdered(TimeProvider.System);

    private static int _run;

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = TestCluster.Start(durable: true, "min_wal_size=2GB");
        await using var database = await TestDatabase.Create(cluster, [SchemaModule.EventLog]);
        await Prepare(database, options.Size ?? 0);
        var duration = options.Duration(4, 2);

        await using var log = new PostgreSqlEventLog(database.AppConnection, TimeProvider.System);
        await using var few = Source(database, 16);
        await using var many = Source(database, 64);
        await Grouped(log, duration / 4);
        var withFew = await OneByOne(few, duration / 2);
        var withMany = await OneByOne(many, duration / 2);
        var (source, connections) = withFew.PerSecond > withMany.PerSecond ? (few, 16) : (many, 64);
        Console.WriteLine($"one transaction each, 16 connections {withFew}");
        Console.WriteLine($"one transaction each, 64 connections {withMany}");

        var (grouped, single) = (new List<LoadFigures>(), new List<LoadFigures>());
        for (var round = 0; round < 5; round++)
        {
            single.Add(await OneByOne(source, duration));
            grouped.Add(await Grouped(log, duration));
            Console.WriteLine($"round {round + 1}: group commit {grouped[^1]}, one transaction each {single[^1]}");
        }

        var (ours, theirs) = (LoadFigures.Median(grouped), LoadFigures.Median(single));
        var events = await log.Head(default) + 1;
        Console.WriteLine($"median, {Callers} callers, {events} events in the log, {connections} connections:");
        Console.WriteLine($"  group commit           {ours}\n  one transaction each   {theirs}");
        Console.WriteLine(Invariant($"append p99 ratio {ours.P99 / theirs.P99:0.00} (bar 0.50), smaller is better"));
        Console.WriteLine(Invariant($"append ratio {ours.PerSecond / theirs.PerSecond:0.00} (bar {Bar:0.00}) ")
            + "against one transaction per append");
    }

    private static Task<LoadFigures> Grouped(PostgreSqlEventLog log, TimeSpan duration)
    {
        var run = ++_run;
        return Load.Run(Callers, duration, async (caller, n) =>
        {
            var result = await log.Append(
                StreamOf(run, caller, n), (n % EventsPerStream) - 1, [new(Ids.Next(), "payment.succeeded", Payload)],
                Metadata, default);
            if (result.Outcome != AppendOutcome.Appended)
                throw new InvalidOperationException($"{result}");
        });
    }

    private static Task<LoadFigures> OneByOne(NpgsqlDataSource source, TimeSpan duration)
    {
        var run = ++_run;
        return Load.Run(Callers, duration, async (caller, n) =>
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

    /// <summary>Fills both tables, and brings a new cluster to its steady state.</summary>
    /// <remarks>
    /// A cluster that has run for a while writes over old WAL segments and into memory it has touched before; a new one
    /// pays for each anew, in pauses of 50 ms.
    /// </remarks>
    private static async Task Prepare(TestDatabase database, long events)
    {
        string[] statements =
        [
            "CREATE SCHEMA plain",
            "CREATE TABLE plain.events (LIKE log.events INCLUDING ALL)",
            "CREATE SEQUENCE plain.position",
            "ALTER TABLE plain.events ALTER position SET DEFAULT nextval('plain.position')",
            "GRANT USAGE ON SCHEMA plain TO jifu_app",
            "GRANT SELECT, INSERT ON plain.events TO jifu_app",
            "GRANT USAGE ON SEQUENCE plain.position TO jifu_app",
            $"""
            INSERT INTO log.events
            SELECT n, n % 10, now(), gen_random_uuid(), 'payment-before-' || md5((n / 10)::text), 'payment.succeeded',
                'key-7', 'request-1', 'command-1', decode(repeat('00', 32), 'hex'), decode(repeat('61', 300), 'hex')
            FROM generate_series(0::bigint, {events} - 1) AS n
            """,
            "INSERT INTO plain.events SELECT * FROM log.events",
            $"SELECT setval('plain.position', {Math.Max(events, 1)})",
            "CREATE TABLE plain.warm (filler text)",
            "INSERT INTO plain.warm SELECT repeat('x', 1000) FROM generate_series(1, 300000)",
            "DROP TABLE plain.warm",
            "SELECT count(pg_logical_emit_message(false, 'warm', repeat('x', 1000000))) FROM generate_series(1, 1500)",
            "VACUUM ANALYZE",
            "CHECKPOINT",
            "CHECKPOINT",
        ];
        await using var connection = new NpgsqlConnection(database.SuperuserConnection);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
#pragma warning disable CA2100 // The constants above.
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }
}
