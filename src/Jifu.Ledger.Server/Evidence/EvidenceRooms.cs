using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Evidence;

/// <summary>What proves the log, put together.</summary>
internal static class EvidenceRooms
{
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
            TimeProvider.System, given.GetRequiredService<ILogger<Notary>>()))
        .AddSingleton(given => new ArchiveExport(
            given.GetRequiredService<StoredLog>(), given.GetRequiredService<CheckpointBook>(),
            given.GetRequiredService<Notary>(), () => given.GetRequiredService<CheckpointKeys>().Current,
            TimeProvider.System))
        .AddSingleton(given => new LiveCheck(
            given.GetRequiredService<StoredLog>(), given.GetRequiredService<CheckpointBook>(),
            given.GetRequiredService<CheckpointFolder>(), () => given.GetRequiredService<CheckpointKeys>().Public))
        .AddSingleton<DaySeal>();
}
