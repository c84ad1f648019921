using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.Composition;

/// <summary>How long a server that starts waits for EventStoreDB, by what it is told meanwhile.</summary>
internal sealed class LogPatience(TimeProvider time)
{
    private static readonly TimeSpan InAll = TimeSpan.FromMinutes(5);

    // A database that was just made has no users before it has led for a moment. Longer is a mistake in the password,
    // which somebody waits to hear of.
    private static readonly TimeSpan ForUsers = TimeSpan.FromSeconds(20);

    private readonly long _begun = time.GetTimestamp();

    // The node may have opened its port, and so have begun to make its users, long after us.
    private long? _unknownSince;

    /// <summary>True to ask again.</summary>
    public bool Bears(EventLogUnavailableException e) => e.InnerException switch
    {
        GrpcException { Code: Code.PermissionDenied } => false,
        GrpcException { Code: Code.Unauthenticated } =>
            time.GetElapsedTime(_unknownSince ??= time.GetTimestamp()) < ForUsers,
        _ => time.GetElapsedTime(_begun) < InAll,
    };
}
