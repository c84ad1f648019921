using System.Data;
using Npgsql;
using static Jifu.Ledger.EventLog.PostgreSql.Parameter;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>One connection that writes batches, each in one transaction: the only place that gives positions.</summary>
/// <remarks>
/// A batch that was planned from memory is sent while the one before it may still be under way: its rows go in at once,
/// and only when the one before is committed does the database look whether the log ends there, and commits. Nobody
/// else can have its positions then, for they are unique. Else the database is asked first, with nobody else writing.
/// It blocks: the sequencer's own threads wait here, where a pool's thread would queue behind the callers it had
/// answered.
/// </remarks>
internal sealed class BatchWriter(NpgsqlDataSource source, TimeProvider time, KnownLog known) : IDisposable
{
    /// <summary>Whoever writes events holds this lock until the commit, on every node: shared by those who wrote last
    /// and know where the log ends, and alone by who must ask.</summary>
    public const long LockKey = 0x4A49_4655_1064;

    private const string LockSql = "SELECT pg_advisory_xact_lock($1)";

    // The second is the batch's own, named by its last position: the one behind it waits for that (022_follow.sql).
    private const string SharedLocksSql =
        "SELECT pg_advisory_xact_lock_shared($1), pg_advisory_xact_lock(x'4A494655'::int, $2)";

    // Sent together with the commit, so what does not hold is an error: then there is no commit.
    private const string FollowsSql = "SELECT log.follow($1, $2, $3, $4)";

    // A statement of its own, for it must see what others committed while we waited for the lock.
    private const string HeadSql =
        "SELECT position, link, recorded_at FROM log.events ORDER BY position DESC LIMIT 1";

    // LATERAL keeps this an index probe for each stream; as a join the planner may read the whole table.
    private const string StreamHeadsSql = """
        SELECT asked.stream, coalesce(head.version, -1)
        FROM unnest($1) AS asked (stream)
        LEFT JOIN LATERAL (
            SELECT version FROM log.events WHERE stream = asked.stream ORDER BY version DESC LIMIT 1
        ) AS head ON true
        """;

    private const string PlacesSql = """
        SELECT stream, version, event_id, position
        FROM unnest($1, $2) AS asked (of_stream, at_version)
        CROSS JOIN LATERAL (
            SELECT stream, version, event_id, position FROM log.events WHERE stream = of_stream AND version = at_version
        ) AS found
        """;

    private NpgsqlConnection? _connection;

    /// <summary>Writes and commits a batch that was planned from memory, after the one it was planned upon.</summary>
    /// <returns>False, with nothing written, when the plan proves out of date.</returns>
    public bool Write(AppendBatch planned)
    {
        var isNext = planned.IsNext;
        if (isNext is false)
            return false;
        try
        {
            return Connected(connection => Send(connection, planned, isAhead: isNext is null));
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.SerializationFailure)
        {
            return false;
        }
    }

    private static bool Send(NpgsqlConnection connection, AppendBatch planned, bool isAhead)
    {
        var rows = planned.Rows;
        // Without an explicit transaction, a batch of statements is one, and commits at its end.
        using var statements = new NpgsqlBatch(connection) { BatchCommands = { SharedLocks(rows.Head) } };
        InsertEvents.AddTo(statements, rows, looksLater: isAhead);
        if (isAhead)
            statements.BatchCommands.Add(Follows(rows.Before, planned.Fate.Root));
        statements.ExecuteNonQuery();
        return statements.BatchCommands[1].RecordsAffected > 0;
    }

    /// <summary>Decides by what the database says, under the lock; writes and commits.</summary>
    public AppendBatch WriteUnderLock(IReadOnlyList<PendingAppend> appends) => Connected(connection =>
    {
        var batch = new AppendBatch(appends);
        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        var before = known.Position;
        var head = LockAndReadHead(connection);
        known.MustReach(before, head.Position);
        var streams = new Dictionary<string, long>(StringComparer.Ordinal);
        ReadHeads([.. appends.Select(append => append.Stream).Distinct(StringComparer.Ordinal)], streams);
        batch.Place(head, streams);
        if (batch.HasBehind)
            batch.Recognise(ReadPlaces(connection, [.. batch.PlacesBehind]));
        batch.Seal(head, time.GetUtcNow());
        if (!batch.WritesNothing)
        {
            using var statements = new NpgsqlBatch(connection);
            InsertEvents.AddTo(statements, batch.Rows);
            statements.ExecuteNonQuery();
            if (statements.BatchCommands[0].RecordsAffected == 0)
                throw new NpgsqlException("Somebody wrote events without holding the lock; try again.");
        }

        transaction.Commit();
        return batch;
    });

    /// <summary>Adds the versions of streams as they are committed now.</summary>
    public void ReadHeads(string[] streams, Dictionary<string, long> heads) => Connected(connection =>
    {
        using var command = new NpgsqlCommand(StreamHeadsSql, connection)
        {
            Parameters = { Texts(streams) },
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
            heads[reader.GetString(0)] = reader.GetInt64(1);
        return heads;
    });

    public void Dispose() => Disconnect();

    // After any failure the connection is not trusted either: the next try opens another.
    private T Connected<T>(Func<NpgsqlConnection, T> work)
    {
        known.MustStand();
        try
        {
            return work(_connection ??= source.OpenConnection());
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            Disconnect();
            StuckHolder.CutOff(source);
            throw;
        }
        catch
        {
            Disconnect();
            throw;
        }
    }

    private static LogHead LockAndReadHead(NpgsqlConnection connection)
    {
        using var statements = new NpgsqlBatch(connection) { BatchCommands = { Lock(), new(HeadSql) } };
        using var reader = statements.ExecuteReader();
        reader.NextResult();
        return reader.Read()
            ? new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<DateTimeOffset>(2))
            : LogHead.Empty;
    }

    private static Dictionary<(string, long), (Guid, long)> ReadPlaces(
        NpgsqlConnection connection, (string Stream, long Version)[] asked)
    {
        var places = new Dictionary<(string, long), (Guid, long)>();
        using var command = new NpgsqlCommand(PlacesSql, connection)
        {
            Parameters =
            {
                Texts([.. asked.Select(place => place.Stream)]),
                new NpgsqlParameter<long[]> { TypedValue = [.. asked.Select(place => place.Version)] },
            },
        };
        using var reader = command.ExecuteReader();
        while (reader.Read())
            places[(reader.GetString(0), reader.GetInt64(1))] = (reader.GetGuid(2), reader.GetInt64(3));
        return places;
    }

    private static NpgsqlBatchCommand Lock() => new(LockSql) { Parameters = { Number(LockKey) } };

    private static NpgsqlBatchCommand SharedLocks(LogHead head) => new(SharedLocksSql)
    {
        Parameters =
        {
            Number(LockKey),
            new NpgsqlParameter<int> { TypedValue = (int)(head.Position & int.MaxValue) },
        },
    };

    private static NpgsqlBatchCommand Follows(LogHead before, (long Position, ReadOnlyMemory<byte> Link) root) =>
        new(FollowsSql)
        {
            Parameters = { Number(before.Position), Bytes(before.Link), Number(root.Position), Bytes(root.Link) },
        };

    private void Disconnect()
    {
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
