using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Npgsql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Where the events are: in our own database, or in EventStoreDB when a connection string says so.</summary>
internal static partial class LogRooms
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddLog(this IServiceCollection services, ServerSettings settings) =>
        settings.EventStore is { } store
            ? services.AddSingleton<IEventLog>(given => new EventStoreDbEventLog(
                store, given.GetRequiredService<TimeProvider>(), given.GetRequiredService<IdSource>(),
                given.GetRequiredService<ILogger<EventStoreDbEventLog>>()))
            : services.AddSingleton<IEventLog>(given => new PostgreSqlEventLog(
                settings.Ledger, given.GetRequiredService<TimeProvider>(), null,
                given.GetRequiredService<ILogger<PostgreSqlEventLog>>()));

    /// <summary>Waits until EventStoreDB takes appends: a cluster lives for a while before it has a leader.</summary>
    /// <exception cref="InvalidOperationException">Our own database holds events already, which nobody would read; or
    /// it holds a copy, and EventStoreDB is not named.</exception>
    /// <exception cref="EventLogUnavailableException">It does not come up.</exception>
    public static async Task WaitForLog(this WebApplication app, CancellationToken cancellation)
    {
        var database = app.Services.GetRequiredService<Databases>().Durable;
        if (app.Services.GetRequiredService<ServerSettings>().EventStore is null)
        {
            await MustBeNoCopy(database, cancellation);
            return;
        }

        await MustBeOnlyLog(database, cancellation);
        var patience = new LogPatience(TimeProvider.System);
        while (true)
        {
            try
            {
                await app.Services.GetRequiredService<IEventLog>().Head(cancellation);
                return;
            }
            catch (EventLogUnavailableException e) when (patience.Bears(e))
            {
                LogWaits(app.Logger, e.Message);
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    // The views in this database would go on with positions that mean something else.
    private static async Task MustBeOnlyLog(NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (!await LogCopy.Begin(database, cancellation))
            throw new InvalidOperationException(
                "this database holds the events of a ledger of its own. With ConnectionStrings__EventStore, give it "
                + "a database without events (docs/operating/eventstoredb.md).");
    }

    private static async Task MustBeNoCopy(NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (await LogCopy.IsCopy(database, cancellation))
            throw new InvalidOperationException(
                "this database holds a copy of events that are in EventStoreDB. Say where with "
                + "ConnectionStrings__EventStore (docs/operating/eventstoredb.md).");
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for EventStoreDB: {Reason}")]
    private static partial void LogWaits(ILogger logger, string reason);
}
