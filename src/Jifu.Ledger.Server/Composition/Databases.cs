using Jifu.Ledger.EventLog.PostgreSql;
using Npgsql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>The server's connections to its database, beside those of the event log.</summary>
/// <param name="Durable">A commit is on disk when it returns.</param>
/// <param name="Quick">
/// A commit may be lost when the database's machine fails within the second after it. Only for what heals by itself:
/// a lost answer to an Idempotency-Key is made again by the command, which is safe to repeat by its business number;
/// a lost nonce opens no door, for a replayed command repeats that number too.
/// </param>
/// <param name="Outside">For what EventStoreDB's clients ask: few, so that however much that is, payments and views
/// find connections.</param>
internal sealed record Databases(NpgsqlDataSource Durable, NpgsqlDataSource Quick, NpgsqlDataSource Outside)
    : IAsyncDisposable
{
    public static Databases Of(string connection) => new(
        NpgsqlDataSource.Create(Settings(connection, "jifu server", "on", PoolMax)),
        NpgsqlDataSource.Create(Settings(connection, "jifu admission", "off", PoolMax)),
        NpgsqlDataSource.Create(Settings(connection, "jifu outside", "on", OutsideMax)));

    public async ValueTask DisposeAsync()
    {
        await Durable.DisposeAsync();
        await Quick.DisposeAsync();
        await Outside.DisposeAsync();
    }

    private const int PoolMax = 16;
    private const int OutsideMax = 4;

    private static string Settings(string connection, string name, string synchronous, int poolMax)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = name,
            Options = $"-c synchronous_commit={synchronous} {SilentClient.EndedOptions}",
            NoResetOnClose = true,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
            Timeout = 5,
            CommandTimeout = 15,
            KeepAlive = 10,
            Enlist = false,
        };
        settings.MaxPoolSize = Math.Min(poolMax, settings.MaxPoolSize);
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        return settings.ConnectionString;
    }
}
