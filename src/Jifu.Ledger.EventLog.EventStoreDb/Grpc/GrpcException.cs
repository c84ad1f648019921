using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>A call that ended with another status than OK; a server throws it to end one so.</summary>
/// <param name="code">Never <see cref="Code.Ok"/>.</param>
/// <param name="message">What the other side said, or says.</param>
/// <param name="trailers">What stands beside the status, such as <c>exception</c> and <c>leader-endpoint-host</c>;
/// names in lower case.</param>
public sealed class GrpcException(
    Code code, string message, IReadOnlyDictionary<string, string>? trailers = null, Exception? cause = null)
    : Exception($"{code}: {message}", cause)
{
    private static readonly Dictionary<string, string> None = [];

    public Code Code { get; } = code;

    /// <summary>Without the code in front.</summary>
    public string Detail { get; } = message;

    public IReadOnlyDictionary<string, string> Trailers { get; } = trailers ?? None;

    /// <summary>The name under which EventStoreDB tells its own errors apart, such as <c>not-leader</c>; else
    /// null.</summary>
    public string? EventStoreError => Trailers.GetValueOrDefault(EventStoreTrailers.Exception);
}
