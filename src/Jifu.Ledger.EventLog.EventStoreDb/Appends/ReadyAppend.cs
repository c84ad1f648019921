using Google.Protobuf;

namespace Jifu.Ledger.EventLog.EventStoreDb.Appends;

/// <summary>An append that has been looked over and is ready to be sent, as often as it takes.</summary>
/// <param name="Metadata">As it stands beside each event.</param>
/// <param name="Bytes">What the payloads weigh together.</param>
internal sealed record ReadyAppend(
    StreamName Stream, long ExpectedVersion, IReadOnlyList<EventToAppend> Events, IReadOnlyList<ByteString> Metadata,
    long Bytes)
{
    /// <summary>The version of its last event, once written.</summary>
    public long LastVersion => ExpectedVersion + Events.Count;

    /// <exception cref="ArgumentException">As in <see cref="AppendCheck"/>, or a name is one of EventStoreDB's own.
    /// </exception>
    public static ReadyAppend Checked(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata)
    {
        var bytes = AppendCheck.Weigh(stream, expectedVersion, events, metadata);
        if (stream.Category.StartsWith('$'))
            throw new ArgumentException($"{stream} is EventStoreDB's own: names with a $ are its system's.");
        if (events.FirstOrDefault(@event => @event.Type.StartsWith('$')) is { } own)
            throw new ArgumentException($"{own.Type} is no type of ours: names with a $ are EventStoreDB's.");
        return new(stream, expectedVersion, events, Written(events, metadata), bytes);
    }

    private static ByteString[] Written(IReadOnlyList<EventToAppend> events, EventMetadata metadata)
    {
        var shared = Written(metadata);
        return [.. events.Select(@event => @event.Metadata is { } own ? Written(own) : shared)];
    }

    private static ByteString Written(EventMetadata metadata) =>
        UnsafeByteOperations.UnsafeWrap(EventMetadataJson.Write(metadata));
}
