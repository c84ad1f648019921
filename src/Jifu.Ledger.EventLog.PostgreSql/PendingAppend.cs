namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>An append that waits for its answer.</summary>
internal sealed class PendingAppend(
    StreamName name, string stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
    long bytes)
    : TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private const int FewMax = 8;

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

    /// <summary>Checks what the database would refuse, so that one bad append never spoils a batch.</summary>
    /// <exception cref="ArgumentException">No events or too many, too large, an id twice, or text that cannot be
    /// stored.</exception>
    public static PendingAppend Checked(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, -1);
        if (stream == default)
            throw new ArgumentException("The stream has no name.");
        if (events.Count is 0 or > EventLogLimits.AppendEventsMax)
            throw new ArgumentException(
                $"An append of {events.Count} events to {stream}: 1 to {EventLogLimits.AppendEventsMax} are taken.");
        if (HasIdTwice(events))
            throw new ArgumentException($"An append to {stream} has one event id twice.");

        var name = stream.ToString();
        long bytes = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var @event = events[i];
            if (@event.Payload.Length > EventLogLimits.EventBytesMax)
                throw new ArgumentException(
                    $"{@event.Type} for {stream} has {@event.Payload.Length} bytes; an event has at most "
                    + $"{EventLogLimits.EventBytesMax}.");
            ThrowUnlessStorable(@event.Type, "An event type");
            if (@event.Metadata is { } own && own != metadata)
                ThrowUnlessStorable(own);
            bytes += @event.Payload.Length;
        }

        if (bytes > EventLogLimits.AppendBytesMax)
            throw new ArgumentException(
                $"An append of {bytes} bytes to {stream}: at most {EventLogLimits.AppendBytesMax} are taken.");
        ThrowUnlessStorable(name, "A stream name");
        ThrowUnlessStorable(metadata);
        return new(stream, name, expectedVersion, events, metadata, bytes);
    }

    // Few are compared with each other: nearly every append has few.
    private static bool HasIdTwice(IReadOnlyList<EventToAppend> events)
    {
        if (events.Count > FewMax)
            return events.DistinctBy(@event => @event.EventId).Count() < events.Count;
        for (var i = 1; i < events.Count; i++)
        {
            for (var n = 0; n < i; n++)
            {
                if (events[n].EventId == events[i].EventId)
                    return true;
            }
        }

        return false;
    }

    private static void ThrowUnlessStorable(EventMetadata metadata)
    {
        ThrowUnlessStorable(metadata.Actor, "An actor");
        ThrowUnlessStorable(metadata.CorrelationId, "A correlation id");
        ThrowUnlessStorable(metadata.CausationId ?? "none", "A causation id");
    }

    // PostgreSQL's text has no NUL, and half a surrogate pair has no UTF-8.
    private static void ThrowUnlessStorable(string text, string what)
    {
        if (string.IsNullOrEmpty(text) || text.Contains('\0', StringComparison.Ordinal)
            || (text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && !IsWellFormed(text)))
            throw new ArgumentException($"{what} is not empty and holds no NUL and no half characters.");
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || ++i == text.Length || !char.IsLowSurrogate(text[i]))
                return false;
        }

        return true;
    }
}
