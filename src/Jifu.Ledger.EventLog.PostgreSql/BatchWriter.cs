using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Writes one batch in one transaction, holding the log's advisory lock: the only place that gives
/// positions.</summary>
/// <remarks>
/// As long as this node writes alone and nobody lost a race, what it remembers decides, and one round trip takes the
/// lock,
/// checks that the log still ends where we left it, writes and commits. Else it asks the database, under the lock. It
/// blocks: the sequencer's own thread waits here, where a pool's thread would queue behind the callers it had answered.
/// </remarks>
internal sealed class BatchWriter(NpgsqlDataSource source, TimeProvider time, int headsMax) : IDisposable
{
    /// <summary>Whoever writes events holds this lock until the commit, on every node.</summary>
    public const long LockKey = 0x4A49_4655_1064;

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    // A statement of its own, for it must see what others committed while we waited for the lock.
    private const string HeadSql = "SELECT coalesce(max(position), -1) FROM log.events";

    // LATERAL keeps this an index probe for each stream; as a join the planner may read the whole table.
    private const string StreamHeadsSql = """
        SELECT asked.stream, coalesce(head.version, -1)
        FROM unnest($1) AS asked (stream)
        LEFT JOIN LATERAL (
            SELECT version FROM log.events WHERE stream = asked.stream ORDER BY version DESC LIMIT 1
        ) AS head ON true
        """;

    private const string PlacesSql =
        "SELECT event_id, stream, version, position FROM log.events WHERE event_id = ANY ($1)";

    private readonly StreamHeads _heads = new(headsMax);
    private NpgsqlConnection? _connection;
    private long _headPosition = long.MinValue;
    private bool _writesAlone;

    /// <summary>Decides, writes and commits. After any failure it knows nothing, and asks the database again.</summary>
    public AppendBatch Write(IReadOnlyList<PendingAppend> appends)
    {
        try
        {
            _connection ??= source.OpenConnection();
            var batch = WriteFromMemory(_connection, appends) ?? WriteUnderLock(_connection, appends);
            _headPosition = batch.HeadPosition;
            foreach (var (stream, version) in batch.Heads)
                _heads.Set(stream, version);
            return batch;
        }
        catch
        {
            Forget();
            throw;
        }
    }

    public void Dispose() => Forget();

    /// <returns>Null, with nothing written, when memory does not suffice or proves out of date.</returns>
    private AppendBatch? WriteFromMemory(NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends)
    {
        if (!_writesAlone)
            return null;

        // Streams that we do not remember are looked up without the lock: should another node write in between, the log
        // no longer ends where we left it, and the insert writes nothing. Those that should be new are taken at their
        // word: the unique index knows better.
        var heads = new Dictionary<string, long>(StringComparer.Ordinal);
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var append in appends)
        {
            if (_heads.TryGet(append.Stream, out var version))
                heads[append.Stream] = version;
            else if (append.ExpectedVersion == -1)
                heads.TryAdd(append.Stream, -1);
            else
                unknown.Add(append.Stream);
        }

        if (unknown.Count > 0)
            ReadHeads(connection, [.. unknown], heads);
        var batch = new AppendBatch(appends);
        batch.Place((_headPosition, heads));
        if (batch.HasMisplaced)
            return null;

        // Without an explicit transaction, a batch of statements is one, and commits at its end.
        using var statements = new NpgsqlBatch(connection) { BatchCommands = { Lock(), Insert(batch, _headPosition) } };
        try
        {
            statements.ExecuteNonQuery();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }

        return statements.BatchCommands[1].RecordsAffected == 0 ? null : batch;
    }

    private AppendBatch WriteUnderLock(NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends)
    {
        var batch = new AppendBatch(appends);
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        var headPosition = LockAndReadHead(connection);
        _writesAlone = headPosition == _headPosition;
        _heads.Clear();

        var heads = new Dictionary<string, long>(StringComparer.Ordinal);
        ReadHeads(connection, [.. appends.Select(append => append.Stream).Distinct(StringComparer.Ordinal)], heads);
        batch.Place((headPosition, heads));
        if (batch.HasMisplaced)
            batch.Recognise(ReadPlaces(connection, batch.MisplacedIds));
        if (!batch.WritesNothing)
        {
            using var statements = new NpgsqlBatch(connection) { BatchCommands = { Insert(batch, headPosition) } };
            if (statements.ExecuteNonQuery() == 0)
                throw new NpgsqlException("Somebody wrote events without holding the lock; try again.");
        }

        transaction.Commit();
        return batch;
    }

    private static long LockAndReadHead(NpgsqlConnection connection)
    {
        using var statements = new NpgsqlBatch(connection) { BatchCommands = { Lock(), new(HeadSql) } };
        using var reader = statements.ExecuteReader();
        reader.NextResult();
        reader.Read();
        return reader.GetInt64(0);
    }

    private static void ReadHeads(NpgsqlConnection connection, string[] streams, Dictionary<string, long> heads)
    {
        using var command = new NpgsqlCommand(StreamHeadsSql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]>
                {
                    TypedValue = streams,
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                },
            },
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
            heads[reader.GetString(0)] = reader.GetInt64(1);
    }

    private static Dictionary<Guid, (string, long, long)> ReadPlaces(NpgsqlConnection connection, Guid[] ids)
    {
        var places = new Dictionary<Guid, (string, long, long)>();
        using var command = new NpgsqlCommand(PlacesSql, connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = ids } },
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
            places[reader.GetGuid(0)] = (reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3));
        return places;
    }

    private static NpgsqlBatchCommand Lock() =>
        new(LockSql) { Parameters = { new NpgsqlParameter<long> { TypedValue = LockKey } } };

    private NpgsqlBatchCommand Insert(AppendBatch batch, long headPosition) =>
        InsertEvents.Command(headPosition, time.GetUtcNow(), [.. batch.Rows()]);

    private void Forget()
    {
        _heads.Clear();
        (_headPosition, _writesAlone) = (long.MinValue, false);
        if (_connection is not { } connection)
            return;
        _connection = null;
        try
        {
            connection.Dispose();
        }
        catch (NpgsqlException)
        {
            // It is gone either way.
        }
    }
}
