using System.Diagnostics;
using Dapper;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.Benchmarks;

/// <summary>A view kept in the plain way: for each event an upsert of its row and of the checkpoint, and a
/// commit.</summary>
internal static class PlainFollower
{
    private const string Row = """
        INSERT INTO views.plain (payment_id, status, position) VALUES (@id, @type, @position)
        ON CONFLICT (payment_id) DO UPDATE SET status = excluded.status, position = excluded.position
        """;

    private const string Checkpoint = "UPDATE views.plain_checkpoint SET position = @position WHERE one = 1";

    /// <summary>As most people write it: Dapper, a transaction, durable as PostgreSQL is.</summary>
    /// <returns>How many events it applied.</returns>
    public static Task<long> AsWritten(LedgerUnderLoad ledger, TimeSpan duration) =>
        Follow(ledger, duration, async (connection, recorded) =>
        {
            var values = new { id = recorded.Stream.Id, type = recorded.Type, position = recorded.Position };
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(Row, values, transaction);
            await connection.ExecuteAsync(Checkpoint, values, transaction);
            await transaction.CommitAsync();
        });

    /// <summary>The plain way done well: both statements travel together and are one transaction, and nobody waits for
    /// the disk.</summary>
    /// <inheritdoc cref="AsWritten"/>
    public static Task<long> Relaxed(LedgerUnderLoad ledger, TimeSpan duration) =>
        Follow(ledger, duration, async (connection, recorded) =>
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new(Row)
                    {
                        Parameters =
                        {
                            new("id", recorded.Stream.Id), new("type", recorded.Type),
                            new("position", recorded.Position),
                        },
                    },
                    new(Checkpoint) { Parameters = { new("position", recorded.Position) } },
                },
            };
            await batch.ExecuteNonQueryAsync();
        }, "SET synchronous_commit = off");

    private static async Task<long> Follow(
        LedgerUnderLoad ledger, TimeSpan duration, Func<NpgsqlConnection, RecordedEvent, Task> apply,
        string settings = "SET synchronous_commit = on")
    {
        await ledger.Execute("""
            DROP TABLE IF EXISTS views.plain;
            CREATE TABLE views.plain (
                payment_id text PRIMARY KEY, status text NOT NULL, position bigint NOT NULL);
            CREATE TABLE IF NOT EXISTS views.plain_checkpoint (one int PRIMARY KEY, position bigint NOT NULL);
            INSERT INTO views.plain_checkpoint VALUES (1, -1) ON CONFLICT DO NOTHING
            """);
        var page = await ledger.Log.ReadAll(-1, 20_000, default);
        await using var connection = await ledger.Owner.OpenConnectionAsync();
        await connection.ExecuteAsync(settings);
        var since = Stopwatch.StartNew();
        long applied = 0;
        for (; since.Elapsed < duration; applied++)
            await apply(connection, page[(int)(applied % page.Count)]);
        return applied;
    }
}
