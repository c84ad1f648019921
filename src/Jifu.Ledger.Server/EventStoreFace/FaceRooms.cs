using Jifu.Ledger.Server.EventStoreFace.Appends;
using Jifu.Ledger.Server.EventStoreFace.Reads;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>What offers the log over EventStoreDB's protocol, where the settings say so.</summary>
internal static class FaceRooms
{
    public static IServiceCollection AddFace(this IServiceCollection services, FaceSettings? settings) =>
        settings is null
            ? services
            : services.AddSingleton(settings)
                .AddSingleton<FaceDoor>()
                .AddSingleton<LogTail>()
                .AddSingleton<HeadWatch>()
                .AddHostedService(given => given.GetRequiredService<HeadWatch>())
                .AddSingleton<Subscriptions>()
                .AddSingleton<ReadCall>()
                .AddSingleton<AppendDesk>()
                .AddSingleton<AppendRoom>()
                .AddSingleton<AppendCall>()
                .AddSingleton<BatchAppendCall>()
                .AddSingleton<FaceCalls>()
                .AddSingleton<FaceHost>()
                .AddHostedService(given => given.GetRequiredService<FaceHost>());
}
