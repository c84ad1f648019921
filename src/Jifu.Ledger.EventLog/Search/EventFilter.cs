namespace Jifu.Ledger.EventLog.Search;

/// <summary>Which events somebody looks for. What is null asks for nothing; all that is given must hold.</summary>
/// <param name="Stream">The whole name of one stream.</param>
/// <param name="Category">The part of a stream's name before its first hyphen.</param>
/// <param name="TypePrefix">What the type's name begins with: <c>payment.refund_</c>.</param>
/// <param name="CorrelationId">What ties together all that came of one request or run.</param>
/// <param name="FromPosition">The first position that counts.</param>
/// <param name="ToPosition">The last position that counts.</param>
/// <param name="RecordedFrom">The first moment that counts, by the log's clock.</param>
/// <param name="RecordedTo">The first moment that does not count any more.</param>
public sealed record EventFilter(
    string? Stream = null, string? Category = null, string? TypePrefix = null, string? CorrelationId = null,
    long FromPosition = 0, long ToPosition = long.MaxValue, DateTimeOffset? RecordedFrom = null,
    DateTimeOffset? RecordedTo = null)
{
    /// <summary>True when the event is one of those looked for.</summary>
    public bool Matches(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return recorded.Position >= FromPosition && recorded.Position <= ToPosition
            && (Stream is null || Stream == recorded.Stream.ToString())
            && (Category is null || Category == recorded.Stream.Category)
            && (TypePrefix is null || recorded.Type.StartsWith(TypePrefix, StringComparison.Ordinal))
            && (CorrelationId is null || CorrelationId == recorded.Metadata.CorrelationId)
            && (RecordedFrom is null || recorded.RecordedAt >= RecordedFrom)
            && (RecordedTo is null || recorded.RecordedAt < RecordedTo);
    }
}
