using System.Text;
using Google.Protobuf;

namespace Jifu.Ledger.EventLog.EventStoreDb.Appends;

/// <summary>An append that has been looked over: what every store refuses is refused before anything is sent.</summary>
/// <param name="Metadata">As it stands beside each event.</param>
/// <param name="Bytes">What the payloads weigh together.</param>
internal sealed record PlannedAppend(
    StreamName Stream, long ExpectedVersion, IReadOnlyList<EventToAppend> Events, IReadOnlyList<ByteString> Metadata,
    long Bytes)
{
    private const int EventsMax = 1_000;
    private const int EventBytesMax = 1 << 20;
    private const int BytesMax = 16 << 20;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The version of its last event, once written.</summary>
    public long LastVersion => ExpectedVersion + Events.Count;

    /// <exception cref="ArgumentException">No events or too many, too large, an id twice, or text that cannot be
    /// stored.</exception>
    public static PlannedAppend Checked(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, -1);
        if (stream == default)
            throw new ArgumentException("The stream has no name.");
        if (stream.Category.StartsWith('$'))
            throw new ArgumentException($"{stream} is EventStoreDB's own: names with a $ are its system's.");
        if (events.Count is 0 or > EventsMax)
            throw new ArgumentException(
                $"An append of {events.Count} events to {stream}: 1 to {EventsMax} are taken.");
        if (events.DistinctBy(@event => @event.EventId).Count() < events.Count)
            throw new ArgumentException($"An append to {stream} has one event id twice.");
        ThrowUnlessStorable(stream.ToString(), "A stream name");
        return new(stream, expectedVersion, events, Written(events, metadata), Weighed(stream, events));
    }

    private static ByteString[] Written(IReadOnlyList<EventToAppend> events, EventMetadata metadata)
    {
        var shared = Written(metadata);
        return [.. events.Select(@event => @event.Metadata is { } own ? Written(own) : shared)];
    }

    private static ByteString Written(EventMetadata metadata)
    {
        ThrowUnlessStorable(metadata.Actor, "An actor");
        ThrowUnlessStorable(metadata.CorrelationId, "A correlation id");
        ThrowUnlessStorable(metadata.CausationId ?? "none", "A causation id");
        return UnsafeByteOperations.UnsafeWrap(EventMetadataJson.Write(metadata));
    }

    private static long Weighed(StreamName stream, IReadOnlyList<EventToAppend> events)
    {
        long bytes = 0;
        foreach (var @event in events)
        {
            ThrowUnlessStorable(@event.Type, "An event type");
            if (@event.Type.StartsWith('$'))
                throw new ArgumentException($"{@event.Type} is no type of ours: names with a $ are EventStoreDB's.");
            if (@event.Payload.Length > EventBytesMax)
                throw new ArgumentException(
                    $"{@event.Type} for {stream} has {@event.Payload.Length} bytes; an event has at most "
                    + $"{EventBytesMax}.");
            bytes += @event.Payload.Length;
        }

        return bytes <= BytesMax
            ? bytes
            : throw new ArgumentException($"An append of {bytes} bytes to {stream}: at most {BytesMax} are taken.");
    }

    private static void ThrowUnlessStorable(string text, string what)
    {
        try
        {
            if (Strict.GetByteCount(text) > 0 && !text.Contains('\0', StringComparison.Ordinal))
                return;
        }
        catch (EncoderFallbackException)
        {
            // Half a surrogate pair.
        }

        throw new ArgumentException($"{what} is not empty and holds no NUL and no half characters.");
    }
}
