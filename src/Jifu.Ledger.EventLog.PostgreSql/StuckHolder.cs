using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>A process that holds the log's lock and does not go on: stopped, paged out or cut off in the middle of
/// sending.</summary>
/// <remarks>
/// The database ends a transaction in which nothing is asked for some seconds. It has no such limit for a statement of
/// which only a part has arrived, nor for sessions that were opened without ours: those the one who waits cuts off.
/// What is cut off was not committed; its process finds its connection gone and asks again.
/// </remarks>
internal static class StuckHolder
{
    // Only who waits for his client is stuck; a batch may take its time. Others' roles are not ours to end.
    private const string CutOffSql = """
        SELECT count(pg_terminate_backend(pid))
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND (classid::bigint << 32 | objid::bigint) = $1
            AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND usename = current_user AND wait_event = 'ClientRead'
            AND state_change < clock_timestamp() - '1 s'::interval
        """;

    /// <summary>Ends the session that holds the lock while its process sends nothing, if there is one.</summary>
    public static void CutOff(NpgsqlDataSource source)
    {
        using var command = source.CreateCommand(CutOffSql);
        command.Parameters.Add(Parameter.Number(BatchWriter.LockKey));
        command.ExecuteNonQuery();
    }
}
