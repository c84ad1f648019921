using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb;
using Jifu.Ledger.EventLog.PostgreSql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Where the events are: in our own database, or in EventStoreDB when a connection string says so.</summary>
internal static partial class LogRooms
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddLog(this IServiceCollection services, ServerSettings settings) =>
        settings.EventStore is { } store
            ? services.AddSingleton<IEventLog>(given => new EventStoreDbEventLog(
                store, given.GetRequiredService<TimeProvider>(), given.GetRequiredService<IdSource>(),
                given.GetRequiredService<ILogger<EventStoreDbEventLog>>()))
            : services.AddSingleton<IEventLog>(given => new PostgreSqlEventLog(
                settings.Ledger, given.GetRequiredService<TimeProvider>(), null,
                given.GetRequiredService<ILogger<PostgreSqlEventLog>>()));

    /// <summary>Waits until EventStoreDB takes appends: a cluster lives for a while before it has a leader.</summary>
    /// <exception cref="InvalidOperationException">Our own database holds events already: nobody would read
    /// them.</exception>
    /// <exception cref="EventLogUnavailableException">It does not come up.</exception>
    public static async Task WaitForLog(this WebApplication app, CancellationToken cancellation)
    {
        if (app.Services.GetRequiredService<ServerSettings>().EventStore is null)
            return;
        await MustBeOnlyLog(app.Services.GetRequiredService<Databases>(), cancellation);
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await app.Services.GetRequiredService<IEventLog>().Head(cancellation);
                return;
            }
            catch (EventLogUnavailableException e) when (TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                LogWaits(app.Logger, e.Message);
            }
        }
    }

    // The views in this database would go on with positions that mean something else.
    private static async Task MustBeOnlyLog(Databases databases, CancellationToken cancellation)
    {
        await using var connection = await databases.Durable.OpenConnectionAsync(cancellation);
        if (await connection.ExecuteScalarAsync<bool>(new(
            "SELECT EXISTS (SELECT FROM log.events)", cancellationToken: cancellation)))
            throw new InvalidOperationException(
                "this database holds the events of a ledger of its own. With ConnectionStrings__EventStore, give it "
                + "a database without events (docs/operating/eventstoredb.md).");
    }

    [LoggerMessage(LogLevel.Warning, "Waiting for EventStoreDB: {Reason}")]
    private static partial void LogWaits(ILogger logger, string reason);
}
