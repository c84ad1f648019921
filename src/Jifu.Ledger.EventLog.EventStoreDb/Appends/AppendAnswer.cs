using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Appends;

/// <summary>What a server said to an append: written, or written before (it does not say which), or another version is
/// there.</summary>
/// <param name="Position">Of the last event; null when the server does not say.</param>
/// <param name="Revision">Of the last event in its stream; null when the server does not say.</param>
/// <param name="ConflictVersion">The version that the stream has instead of the expected one; null when there is no
/// conflict.</param>
internal readonly record struct AppendAnswer(long? Position, long? Revision, long? ConflictVersion)
{
    /// <exception cref="GrpcException">It is no answer.</exception>
    public static AppendAnswer Of(AppendResp response)
    {
        switch (response.ResultCase)
        {
            case AppendResp.ResultOneofCase.Success:
                var success = response.Success;
                return Written(
                    success.Position?.CommitPosition, success.HasCurrentRevision ? success.CurrentRevision : null);
            case AppendResp.ResultOneofCase.WrongExpectedVersion:
                var wrong = response.WrongExpectedVersion;
                return Conflict(wrong.HasCurrentRevision ? wrong.CurrentRevision
                    : wrong.HasCurrentRevision2060 ? wrong.CurrentRevision2060 : null);
            default:
                throw new GrpcException(Code.Internal, "The answer to an append says neither yes nor no.");
        }
    }

    /// <summary>Of one append among many.</summary>
    /// <exception cref="GrpcException">It was not done, and may be done when tried again.</exception>
    /// <exception cref="InvalidOperationException">It never will be; or <see cref="ArgumentException"/> when it is too
    /// large.</exception>
    /// <exception cref="EventLogUnavailableException">Access is denied.</exception>
    public static AppendAnswer Of(BatchAppendResp response)
    {
        if (response.ResultCase == BatchAppendResp.ResultOneofCase.Success)
            return Written(
                response.Success.Position?.CommitPosition,
                response.Success.HasCurrentRevision ? response.Success.CurrentRevision : null);
        var error = response.Error ?? new Status { Code = Code.Internal, Message = "The answer says nothing." };
        if (error.Details is { } details && details.TryUnpack<WrongExpectedVersion>(out var wrong))
            return Conflict(wrong.HasCurrentStreamRevision ? wrong.CurrentStreamRevision : null);
        if (Refusal.Of(error) is { } refusal)
            throw refusal;

        // Its neighbours in the call are answered: it is no word against the leader.
        if (error.Details?.Is(Protocol.Timeout.Descriptor) is true)
            throw new GrpcException(error.Code, error.Message, cause: new TimeoutException(error.Message));

        // A node that cannot take it says so without a code: not ready, too busy, no leader known. Another server of
        // ours says so by one that stands for a mistake where a call fails.
        throw new GrpcException(
            error.Code is Code.Ok or Code.ResourceExhausted ? Code.Unavailable : error.Code, error.Message);
    }

    /// <summary>Servers of the first version answer a conflict as a failed call.</summary>
    public static AppendAnswer? Of(GrpcException failure) =>
        failure.EventStoreError == EventStoreTrailers.WrongExpectedVersion
            ? new(null, null, long.TryParse(
                failure.Trailers.GetValueOrDefault(EventStoreTrailers.ActualVersion), out var actual) ? actual : -1)
            : null;

    private static AppendAnswer Written(ulong? position, ulong? revision) =>
        new(Known(position), Known(revision), null);

    private static AppendAnswer Conflict(ulong? revision) => new(null, null, Known(revision) ?? -1);

    // EventStoreDB writes -1 as the largest number of all.
    private static long? Known(ulong? number) => number is { } known and <= long.MaxValue ? (long)known : null;
}
