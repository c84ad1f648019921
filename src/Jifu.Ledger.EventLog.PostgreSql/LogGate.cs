using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Whether events could be written now, asked without writing any: another session may hold what every writer
/// needs, and then the database takes writes, and the log none.</summary>
/// <remarks>It asks for one lock after the other and never holds both, so that it can stand in nobody's way who takes
/// them in another order.</remarks>
public static class LogGate
{
    // After which a writer gives up a try as well.
    private const string PatienceSql = "SET LOCAL lock_timeout = '2s'";

    private const string TableSql = "LOCK TABLE log.events IN ROW EXCLUSIVE MODE";

    private const string TableHolderSql = """
        SELECT pid FROM pg_locks
        WHERE locktype = 'relation' AND relation = 'log.events'::regclass AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        LIMIT 1
        """;

    private const string WriterHolderSql = """
        SELECT pid FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND mode = 'ExclusiveLock'
            AND (classid::bigint << 32 | objid::bigint) = $1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        LIMIT 1
        """;

    /// <summary>Who keeps events from being written, after two seconds in which he did not let go; null for
    /// nobody.</summary>
    /// <param name="database">As the role that runs; of other connections than the log's, which may all be waiting.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<string?> Obstacle(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (!await CanTake(connection, new(TableSql), cancellation))
            return $"{await Holder(connection, new(TableHolderSql), cancellation)} holds a lock on log.events";
        return await CanTake(connection, OfWriters("SELECT pg_advisory_xact_lock_shared($1)"), cancellation)
            ? null
            : $"{await Holder(connection, OfWriters(WriterHolderSql), cancellation)} holds the lock of the log's "
                + "writers";
    }

    private static async Task<bool> CanTake(
        NpgsqlConnection connection, NpgsqlBatchCommand wanted, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var statements = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { new(PatienceSql), wanted },
        };
        try
        {
            await statements.ExecuteNonQueryAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    // He may have let go just now.
    private static async Task<string> Holder(
        NpgsqlConnection connection, NpgsqlBatchCommand asked, CancellationToken cancellation)
    {
        await using var statements = new NpgsqlBatch(connection) { BatchCommands = { asked } };
        return await statements.ExecuteScalarAsync(cancellation) is int process
            ? FormattableString.Invariant($"session {process} of the database")
            : "a session of the database";
    }

    private static NpgsqlBatchCommand OfWriters(string sql) =>
        new(sql) { Parameters = { Parameter.Number(BatchWriter.LockKey) } };
}
