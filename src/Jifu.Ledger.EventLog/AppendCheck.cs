using System.Diagnostics.CodeAnalysis;

namespace Jifu.Ledger.EventLog;

/// <summary>What every store refuses, before it has anything to do with it: so that one bad append never spoils a
/// batch, and stores refuse alike.</summary>
public static class AppendCheck
{
    /// <summary>The most events in one append.</summary>
    public const int EventsMax = 1_000;

    /// <summary>The most bytes in the payload of one event: 1 MiB.</summary>
    public const int EventBytesMax = 1 << 20;

    /// <summary>The most payload bytes in one append: 16 MiB.</summary>
    public const int BytesMax = 16 << 20;

    private const int FewMax = 8;

    /// <summary>Looks an append over.</summary>
    /// <returns>What its payloads weigh together.</returns>
    /// <exception cref="ArgumentException">No events or too many, too large, an id twice, or text that cannot be
    /// stored.</exception>
    public static long Weigh(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedVersion, -1);
        if (stream == default)
            throw new ArgumentException("The stream has no name.");
        if (events.Count is 0 or > EventsMax)
            throw new ArgumentException(
                $"An append of {events.Count} events to {stream}: 1 to {EventsMax} are taken.");
        if (HasIdTwice(events))
            throw new ArgumentException($"An append to {stream} has one event id twice.");

        long bytes = 0;
        for (var i = 0; i < events.Count; i++)
        {
            var @event = events[i];
            if (@event.Payload.Length > EventBytesMax)
                throw new ArgumentException(TooLarge(stream, @event.Type, @event.Payload));
            ThrowUnlessStorable(@event.Type, "An event type");
            if (@event.Metadata is { } own && own != metadata)
                ThrowUnlessStorable(own);
            bytes += @event.Payload.Length;
        }

        if (bytes > BytesMax)
            throw new ArgumentException(
                $"An append of {bytes} bytes to {stream}: at most {BytesMax} are taken.");
        ThrowUnlessStorable(stream.Category, "A stream name");
        ThrowUnlessStorable(stream.Id, "A stream name");
        ThrowUnlessStorable(metadata);
        return bytes;
    }

    /// <summary>Looks over an event that another store holds.</summary>
    /// <returns>Why it could not be appended as it is; null when it could.</returns>
    public static string? WhyNot(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return recorded.Payload.Length > EventBytesMax
            ? TooLarge(recorded.Stream, recorded.Type, recorded.Payload)
            : !IsStorable(recorded.Type) ? Unstorable("An event type")
            : !IsStorable(recorded.Stream.ToString()) ? Unstorable("A stream name")
            : null;
    }

    /// <summary>True for text that every store keeps as it is: PostgreSQL's has no NUL, and half a surrogate pair has
    /// no UTF-8.</summary>
    public static bool IsStorable([NotNullWhen(true)] string? text) =>
        !string.IsNullOrEmpty(text) && !text.Contains('\0', StringComparison.Ordinal)
        && (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') || IsWellFormed(text));

    private static string TooLarge(StreamName stream, string type, ReadOnlyMemory<byte> payload) =>
        $"{type} for {stream} has {payload.Length} bytes; an event has at most {EventBytesMax}.";

    private static string Unstorable(string what) => $"{what} is not empty and holds no NUL and no half characters.";

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

    private static void ThrowUnlessStorable(string text, string what)
    {
        if (!IsStorable(text))
            throw new ArgumentException(Unstorable(what));
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
