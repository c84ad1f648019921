using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Evidence;

/// <summary>What proves the log, put together.</summary>
internal static class EvidenceRooms
{
    /// <summary>EventStoreDB has no transaction of ours to put a link into: its events are chained in a copy.</summary>
    public static IServiceCollection AddCopy(this IServiceCollection services, ServerSettings settings) =>
        settings.EventStore is null
            ? services
            : services
                .AddSingleton(given => new PostgreSqlEventLog(
                    settings.Ledger, TimeProvider.System, null,
                    given.GetRequiredService<ILogger<PostgreSqlEventLog>>()))
                .AddSingleton(given => new LogCopy(
                    given.GetRequiredService<IEventLog>(), given.GetRequiredService<PostgreSqlEventLog>(),
                    given.GetRequiredService<Databases>().Durable, given.GetRequiredService<ILogger<LogCopy>>()))
                .AddSingleton<IHostedService>(given => new Loop(given.GetRequiredService<LogCopy>().Run));

    // By the system's clock: the sandbox's is no witness.
    public static IServiceCollection AddEvidence(
        this IServiceCollection services, EvidenceSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<CheckpointKeys>()
        .AddSingleton(given => new StoredLog(given.GetRequiredService<Databases>().Durable))
        .AddSingleton(given => new CheckpointBook(given.GetRequiredService<Databases>().Durable))
        .AddSingleton(new CheckpointFolder(settings.Folder))
        .AddSingleton(given => new Notary(
            given.GetRequiredService<StoredLog>(), given.GetRequiredService<CheckpointBook>(),
            given.GetRequiredService<CheckpointFolder>(), () => given.GetRequiredService<CheckpointKeys>().Current,
            () => given.GetRequiredService<CheckpointKeys>().Public,
            given.GetRequiredService<CheckpointKeys>().Folder, TimeProvider.System,
            given.GetRequiredService<ILogger<Notary>>(), given.GetService<LogCopy>()))
        .AddSingleton(given => new ArchiveExport(
            given.GetRequiredService<StoredLog>(), given.GetRequiredService<CheckpointBook>(),
            given.GetRequiredService<Notary>(), () => given.GetRequiredService<CheckpointKeys>().Current,
            TimeProvider.System))
        .AddSingleton(given => new LiveCheck(
            given.GetRequiredService<StoredLog>(), given.GetRequiredService<CheckpointBook>(),
            given.GetRequiredService<CheckpointFolder>(), () => given.GetRequiredService<CheckpointKeys>().Public,
            given.GetRequiredService<CheckpointKeys>().Folder, given.GetService<LogCopy>()))
        .AddSingleton<DaySeal>();
}
