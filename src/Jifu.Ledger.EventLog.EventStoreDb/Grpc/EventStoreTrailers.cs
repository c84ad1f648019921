namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>Names that EventStoreDB gives its headers, its trailers and the errors in them.</summary>
public static class EventStoreTrailers
{
    /// <summary>Trailer with one of the errors below.</summary>
    public const string Exception = "exception";

    public const string NotLeader = "not-leader";
    public const string LeaderHost = "leader-endpoint-host";
    public const string LeaderPort = "leader-endpoint-port";

    public const string WrongExpectedVersion = "wrong-expected-version";
    public const string ExpectedVersion = "expected-version";
    public const string ActualVersion = "actual-version";
    public const string StreamName = "stream-name";

    public const string StreamNotFound = "stream-not-found";
    public const string StreamDeleted = "stream-deleted";
    public const string AccessDenied = "access-denied";
    public const string InvalidTransaction = "invalid-transaction";
    public const string MissingRequiredMetadata = "missing-required-metadata-property";
    public const string MaximumAppendSizeExceeded = "maximum-append-size-exceeded";
    public const string MaximumAppendSize = "maximum-append-size";
    public const string MaximumAppendEventSizeExceeded = "maximum-append-event-size-exceeded";
    public const string MaximumAppendEventSize = "maximum-append-event-size";
    public const string RequiredMetadata = "required-metadata-properties";

    /// <summary>Request header: <c>true</c> when only the leader will do.</summary>
    public const string RequiresLeader = "requires-leader";

    /// <summary>Request header: how the client is called in the server's own lists.</summary>
    public const string ConnectionName = "connection-name";
}
