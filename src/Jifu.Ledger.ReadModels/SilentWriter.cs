using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A process that holds a checkpoint and does not go on: stopped, or cut off in the middle of
/// sending.</summary>
/// <remarks>
/// The database ends a transaction in which nothing is asked. It has no such limit for a copy, or a statement of which
/// only a part has arrived: there the one who has waited in vain cuts the other off. What is cut off was not committed,
/// and a page is made again.
/// </remarks>
public static class SilentWriter
{
    // Only who waits for his client is stuck; a page may take its time. Others' roles are not ours to end.
    private const string CutOffSql = """
        SELECT count(pg_terminate_backend(pid))
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE relation = CAST($1 AS regclass) AND mode = 'RowExclusiveLock' AND granted
            AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND usename = current_user AND wait_event = 'ClientRead' AND pid <> pg_backend_pid()
            AND state_change < clock_timestamp() - '10 s'::interval
        """;

    /// <summary>Ends the session that has changed a table and sends nothing any more, when there is one and a statement
    /// of ours waited in vain.</summary>
    /// <param name="database">Where the table is.</param>
    /// <param name="table">With its schema.</param>
    /// <param name="trouble">Why our statement failed.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task CutOff(
        NpgsqlDataSource database, string table, Exception trouble, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        if (trouble is not NpgsqlException { InnerException: TimeoutException })
            return;
        try
        {
            await using var command = database.CreateCommand(CutOffSql);
            command.Parameters.Add(new() { Value = table });
            await command.ExecuteScalarAsync(cancellation);
        }
        catch (NpgsqlException)
        {
            // The database is away altogether, which whoever asks next will tell.
        }
    }
}
