namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>An append that waits for its answer.</summary>
internal sealed class PendingAppend(
    StreamName name, string stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
    long bytes)
    : TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly long _since = Environment.TickCount64;

    public StreamName Name => name;

    /// <summary>The name as text.</summary>
    public string Stream => stream;

    public long ExpectedVersion => expectedVersion;
    public IReadOnlyList<EventToAppend> Events => events;
    public EventMetadata Metadata => metadata;
    public long Bytes => bytes;

    /// <summary>True once nobody waits any more: then it need not be written.</summary>
    public bool IsAbandoned => Task.IsCompleted;

    public bool HasWaited(TimeSpan time) => Environment.TickCount64 - _since >= time.TotalMilliseconds;

    /// <exception cref="ArgumentException">As in <see cref="AppendCheck"/>.</exception>
    public static PendingAppend Checked(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata)
    {
        var bytes = AppendCheck.Weigh(stream, expectedVersion, events, metadata);
        return new(stream, $"{stream}", expectedVersion, events, metadata, bytes);
    }
}
