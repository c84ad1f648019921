using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>What clients ask of any server before they begin: its version, its methods, who leads the
/// cluster.</summary>
internal static class ServerPortrait
{
    // The version whose protocol this is; clients compare it.
    private const string Version = "23.10.0";

    public static SupportedMethods Methods { get; } = new()
    {
        EventStoreServerVersion = Version,
        Methods =
        {
            Method(EventStoreMethods.Read, "position", "events"),
            Method(EventStoreMethods.Append),
            Method(EventStoreMethods.BatchAppend, "deadline_duration"),
            Method(EventStoreMethods.Gossip),
            Method(EventStoreMethods.SupportedMethods),
        },
    };

    /// <summary>A cluster of one, which leads itself and is found where the client has found it.</summary>
    public static ClusterInfo Cluster(HostString reachedAt) => new()
    {
        Members =
        {
            new MemberInfo
            {
                InstanceId = Guid.Empty.ToText(),
                TimeStamp = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks,
                State = MemberInfo.Types.VNodeState.Leader,
                IsAlive = true,
                HttpEndPoint = new() { Address = reachedAt.Host, Port = (uint)(reachedAt.Port ?? 443) },
            },
        },
    };

    // Clients compare these in small letters.
    private static SupportedMethod Method(string path, params string[] features)
    {
        var parts = path.ToLowerInvariant().Split('/');
        return new() { ServiceName = parts[1], MethodName = parts[2], Features = { features } };
    }
}
