namespace Jifu.Ledger.EventLog;

/// <summary>What one stream holds, whole.</summary>
/// <param name="Events">In the order in which they happened.</param>
/// <param name="Version">Of the last of them; -1 when there is no such stream yet.</param>
public sealed record History<TEvent>(IReadOnlyList<TEvent> Events, long Version);

/// <summary>An event with where and when it was recorded.</summary>
/// <param name="RecordedAt">When the log wrote it, by its clock. When it counts is in the event.</param>
public sealed record Recorded<TEvent>(
    long Position, StreamName Stream, long Version, Guid EventId, TEvent Event, EventMetadata Metadata,
    DateTimeOffset RecordedAt);

/// <summary>The log with events instead of bytes.</summary>
public static class TypedEvents
{
    private const int PageMax = 500;

    // Half of what an EventStoreDB takes at once as it is delivered, for beside each event stand its type and origin.
    private const int PieceEventsMax = 500;
    private const int PieceBytesMax = 512 << 10;

    /// <summary>Reads a whole stream.</summary>
    /// <exception cref="UnknownEventTypeException">It holds a type of event that the codec does not know.</exception>
    public static async Task<History<TEvent>> Load<TEvent>(
        this IEventLog log, EventCodec codec, StreamName stream, CancellationToken cancellation) where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(codec);
        var events = new List<TEvent>();
        IReadOnlyList<RecordedEvent> page;
        do
        {
            page = await log.ReadStream(stream, events.Count - 1, PageMax, cancellation);
            events.AddRange(page.Select(recorded => codec.Decode<TEvent>(recorded).Event));
        }
        while (page.Count == PageMax);
        return new(events, events.Count - 1);
    }

    /// <summary>Appends events under new ids. A lost race is the outcome <see cref="AppendOutcome.Conflict"/>: load
    /// and decide again.</summary>
    /// <remarks>Whoever must be able to retry one append uses <see cref="IEventLog.Append"/> with ids of its
    /// own.</remarks>
    public static Task<AppendResult> TryAppend<TEvent>(
        this IEventLog log, EventCodec codec, IdSource ids, StreamName stream, long expectedVersion,
        IReadOnlyList<TEvent> events, EventMetadata metadata, CancellationToken cancellation) where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(events);
        var encoded = new EventToAppend[events.Count];
        for (var i = 0; i < encoded.Length; i++)
            encoded[i] = codec.Encode(ids.Next(), events[i]);
        return log.Append(stream, expectedVersion, encoded, metadata, cancellation);
    }

    /// <summary>Appends many events under new ids: few in one append, very many in several that any store takes. Each
    /// stands for itself, so that whoever is killed goes on after the last. Stops where another writer came
    /// first.</summary>
    /// <returns>The stream's version as far as it was told, and how many events that were.</returns>
    public static async Task<(long Version, int Told)> AppendInPieces<TEvent>(
        this IEventLog log, EventCodec codec, IdSource ids, StreamName stream, long expectedVersion,
        IEnumerable<TEvent> events, EventMetadata metadata, CancellationToken cancellation) where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(log);
        var (version, told) = (expectedVersion, 0);
        foreach (var piece in Pieces(codec, ids, events))
        {
            var result = await log.Append(stream, version, piece, metadata, cancellation);
            if (result.Outcome == AppendOutcome.Conflict)
                break;
            (version, told) = (result.Version, told + piece.Count);
        }

        return (version, told);
    }

    private static IEnumerable<List<EventToAppend>> Pieces<TEvent>(
        EventCodec codec, IdSource ids, IEnumerable<TEvent> events) where TEvent : class
    {
        var (piece, bytes) = (new List<EventToAppend>(), 0L);
        foreach (var encoded in events.Select(@event => codec.Encode(ids.Next(), @event)))
        {
            if (piece.Count > 0 && (piece.Count == PieceEventsMax || bytes + encoded.Payload.Length > PieceBytesMax))
            {
                yield return piece;
                (piece, bytes) = ([], 0);
            }

            piece.Add(encoded);
            bytes += encoded.Payload.Length;
        }

        if (piece.Count > 0)
            yield return piece;
    }
}
