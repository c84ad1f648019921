using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb;

/// <summary>Answers that stay the same however often one asks, until a person does something.</summary>
internal static class Refusal
{
    /// <returns>What to throw; null for an answer that may be another one in a moment, or says nothing of what was
    /// done. Access that is denied is given when somebody has put it right, without us: until then the log is
    /// unavailable.</returns>
    public static Exception? Of(GrpcException answer) => (answer.EventStoreError, answer.Code) switch
    {
        _ when IsOfAccess(answer) =>
            new EventLogUnavailableException(
                "EventStoreDB denies us access: look at user and password in the connection string, and at the "
                + $"rights of that user. {answer.Message}", answer),
        (EventStoreTrailers.StreamDeleted, _) => Deleted(answer),
        (EventStoreTrailers.MaximumAppendSizeExceeded, _) =>
            TooLarge(answer.Trailers.GetValueOrDefault(EventStoreTrailers.MaximumAppendSize), answer),
        (EventStoreTrailers.MaximumAppendEventSizeExceeded, _) =>
            EventTooLarge(answer.Trailers.GetValueOrDefault(EventStoreTrailers.MaximumAppendEventSize), answer),
        (_, Code.InvalidArgument or Code.OutOfRange or Code.ResourceExhausted or Code.DataLoss) =>
            new InvalidOperationException($"EventStoreDB takes this for a mistake of ours: {answer.Message}", answer),
        (_, Code.Unimplemented) => new InvalidOperationException(
            $"This EventStoreDB is too old for us, or none at all: {answer.Message}", answer),
        _ => null,
    };

    /// <summary>Whether it is we who may not: our user is not known, or has no right to what was asked.</summary>
    public static bool IsOfAccess(GrpcException answer) => answer.EventStoreError == EventStoreTrailers.AccessDenied
        || answer.Code is Code.PermissionDenied or Code.Unauthenticated;

    /// <summary>For the answer to one append among many.</summary>
    /// <inheritdoc cref="Of(GrpcException)"/>
    public static Exception? Of(Status error)
    {
        var answer = new GrpcException(error.Code, error.Message);
        if (error.Details is not { } details)
            return Of(answer);
        if (details.TryUnpack<MaximumAppendSizeExceeded>(out var size))
            return TooLarge($"{size.MaxAppendSize}", answer);
        if (details.TryUnpack<MaximumAppendEventSizeExceeded>(out var one))
            return EventTooLarge($"{one.MaxAppendEventSize}", answer);
        if (details.Is(StreamDeleted.Descriptor))
            return Deleted(answer);
        if (error.Code == Code.ResourceExhausted)
            return null;
        return details.TryUnpack<BadRequest>(out var bad) ? Of(new GrpcException(error.Code, bad.Message)) : Of(answer);
    }

    /// <summary>A stream does not hold what it should, and nobody has refused anything: EventStoreDB leaves out what
    /// stands before a truncation, and takes up a softly deleted stream where it ended.</summary>
    public static InvalidOperationException Truncated(StreamName stream, long expected, long found) => new(
        $"{stream} goes on with version {found} where {expected} should be: somebody has truncated or deleted it. "
        + "Restore EventStoreDB from a backup.");

    private static InvalidOperationException Deleted(GrpcException answer) => new(
        $"Somebody has deleted a stream of the ledger: restore EventStoreDB from a backup. {answer.Message}", answer);

    private static ArgumentException TooLarge(string? max, GrpcException answer) => new(
        $"The append is larger than this EventStoreDB takes ({max ?? "?"} bytes, by its setting MaxAppendSize).",
        answer);

    private static ArgumentException EventTooLarge(string? max, GrpcException answer) => new(
        $"An event is larger than this EventStoreDB takes ({max ?? "?"} bytes, by its setting MaxAppendEventSize).",
        answer);
}
