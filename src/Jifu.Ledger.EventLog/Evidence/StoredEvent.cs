namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>An event's row as it is, unread: a check looks at what is there, however wrong it may be.</summary>
/// <param name="Link">What the log keeps as the event's link.</param>
public sealed record StoredEvent(
    long Position, string Stream, long Version, Guid EventId, string Type, DateTimeOffset RecordedAt, string Actor,
    string CorrelationId, string? CausationId, ReadOnlyMemory<byte> Payload, byte[] Link)
{
    /// <summary>Hashes it into the chain.</summary>
    public void Extend(EventLink chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        chain.Extend(
            Position, Stream, Version, EventId, Type, RecordedAt, Actor, CorrelationId, CausationId, Payload.Span);
    }
}

/// <summary>What was written in one transaction: a run of positions, and the root of the tree over its links.</summary>
public sealed record EventBatch(long First, long Last, byte[] Root);
