using Jifu.Ledger.EventLog.PostgreSql;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>Another writer that holds its transaction open for as long as the test likes; disposed of, it dies with
/// it.</summary>
internal sealed class StuckWriter : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private StuckWriter(NpgsqlConnection connection) => _connection = connection;

    public static async Task<StuckWriter> Begin(string connectionString, bool takesTheLock, bool shared = false)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        var writer = new StuckWriter(new(settings.ConnectionString));
        await writer._connection.OpenAsync();
        await writer.Execute("BEGIN");
        if (takesTheLock)
            await writer.Execute($"SELECT pg_advisory_xact_lock{(shared ? "_shared" : "")}({BatchWriter.LockKey})");
        return writer;
    }

    /// <summary>Chained as it should be, but with no batch.</summary>
    public Task Insert(long position, string stream) => Execute($"""
        INSERT INTO log.events
            (position, version, recorded_at, event_id, stream, type, actor, correlation_id, link, payload)
        SELECT {position}, 0, now(), id, '{stream}', 'test.happened', 'a', 'c', log.event_link(
            coalesce((SELECT link FROM log.events WHERE position = {position - 1}), decode(repeat('00', 32), 'hex')),
            {position}, '{stream}', 0, id, 'test.happened', now(), 'a', 'c', NULL, ''), ''
        FROM (SELECT gen_random_uuid() AS id) AS new
        """);

    public Task Commit() => Execute("COMMIT");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task Execute(string sql)
    {
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, _connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
