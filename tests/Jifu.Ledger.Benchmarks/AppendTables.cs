using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.TestKit;
using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.Benchmarks;

/// <summary>The two tables of <see cref="Append"/>, with the same events in both, on a server in its steady
/// state.</summary>
internal static class AppendTables
{
    private const int EventsPerStream = 10;
    private const int BatchEvents = 500;

    private static readonly string[] Plain =
    [
        "CREATE SCHEMA plain",
        "CREATE TABLE plain.events (LIKE log.events INCLUDING CONSTRAINTS)",
        "INSERT INTO plain.events SELECT * FROM log.events",
        "ALTER TABLE plain.events ADD PRIMARY KEY (position)",
        "ALTER TABLE plain.events ADD UNIQUE (stream, version)",
        "CREATE SEQUENCE plain.position MINVALUE 0",
        "SELECT setval('plain.position', (SELECT count(*) FROM log.events), false)",
        "ALTER TABLE plain.events ALTER position SET DEFAULT nextval('plain.position')",
        "GRANT USAGE ON SCHEMA plain TO jifu_app",
        "GRANT SELECT, INSERT ON plain.events TO jifu_app",
        "GRANT USAGE ON SEQUENCE plain.position TO jifu_app",
    ];

    // A cluster that has run for a while writes over old WAL segments and into memory it has touched before; a new one
    // pays for each anew, in pauses of 50 ms.
    private static readonly string[] Warm =
    [
        "CREATE TABLE plain.warm (filler text)",
        "INSERT INTO plain.warm SELECT repeat('x', 1000) FROM generate_series(1, 300000)",
        "DROP TABLE plain.warm",
        "SELECT count(pg_logical_emit_message(false, 'warm', repeat('x', 1000000))) FROM generate_series(1, 1500)",
        "VACUUM ANALYZE",
        "CHECKPOINT",
        "CHECKPOINT",
    ];

    public static async Task Make(TestDatabase database, long events, byte[] payload, EventMetadata metadata)
    {
        await using var connection = new NpgsqlConnection(database.SuperuserConnection);
        await connection.OpenAsync();
        if (events > 0)
        {
            string[] dropped = ["events_pkey", "events_stream_version_key"];
            foreach (var index in dropped)
                await Execute(connection, $"ALTER TABLE log.events DROP CONSTRAINT {index}");
            await Fill(connection, events, payload, metadata);
            await Execute(connection, "SET maintenance_work_mem = '1GB'");
            await Execute(connection, "ALTER TABLE log.events ADD CONSTRAINT events_pkey PRIMARY KEY (position)");
            await Execute(connection, """
                ALTER TABLE log.events ADD CONSTRAINT events_stream_version_key UNIQUE (stream, version)
                """);
        }

        foreach (var statement in Plain.Concat(Warm))
            await Execute(connection, statement);
    }

    /// <summary>A real log: chained, and with the root of each batch, as the writer would have written it.</summary>
    private static async Task Fill(NpgsqlConnection connection, long events, byte[] payload, EventMetadata metadata)
    {
        var (chain, tree) = (new EventLink(), new MerkleTree());
        var ids = IdSource.TimeOrdered(TimeProvider.System);
        var at = DateTimeOffset.UnixEpoch.AddMicroseconds(EventLink.Microseconds(TimeProvider.System.GetUtcNow()));
        var roots = new List<byte[]>();
        await using (var copy = await connection.BeginBinaryImportAsync("""
            COPY log.events (position, version, recorded_at, event_id, stream, type, actor, correlation_id,
                causation_id, link, payload) FROM STDIN BINARY
            """))
        {
            for (var position = 0L; position < events; position++)
            {
                var (stream, version) = (Name(position / EventsPerStream), position % EventsPerStream);
                var id = ids.Next();
                var link = chain.Extend(
                    position, stream, version, id, "payment.succeeded", at, metadata.Actor, metadata.CorrelationId,
                    metadata.CausationId, payload).ToArray();
                tree.Add(link);
                await copy.StartRowAsync();
                await copy.WriteAsync(position, NpgsqlDbType.Bigint);
                await copy.WriteAsync(version, NpgsqlDbType.Bigint);
                await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(id, NpgsqlDbType.Uuid);
                foreach (var text in new[]
                    { stream, "payment.succeeded", metadata.Actor, metadata.CorrelationId, metadata.CausationId })
                    await copy.WriteAsync(text, NpgsqlDbType.Text);
                await copy.WriteAsync(link, NpgsqlDbType.Bytea);
                await copy.WriteAsync(payload, NpgsqlDbType.Bytea);
                if ((position + 1) % BatchEvents == 0 || position + 1 == events)
                    roots.Add(Root(tree));
            }

            await copy.CompleteAsync();
        }

        await AddBatches(connection, events, [.. roots]);
    }

    private static async Task AddBatches(NpgsqlConnection connection, long events, byte[][] roots)
    {
        await using var batches = new NpgsqlCommand($"""
            INSERT INTO log.batches
            SELECT (n - 1) * {BatchEvents}, least(n * {BatchEvents}, {events}) - 1, root
            FROM unnest($1) WITH ORDINALITY AS r (root, n)
            """, connection) { Parameters = { new NpgsqlParameter<byte[][]> { TypedValue = roots } } };
        await batches.ExecuteNonQueryAsync();
    }

    // Names without order, as ids derived from orders are.
    private static string Name(long n) =>
        FormattableString.Invariant($"payment-{unchecked((ulong)n * 0x9E37_79B9_7F4A_7C15):x16}");

    private static byte[] Root(MerkleTree tree)
    {
        var root = new byte[EventLink.Size];
        tree.Root(root);
        tree.Clear();
        return root;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The constants above.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
