namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The log as its table has it now, whatever this process remembers of what it wrote.</summary>
internal sealed class StoredEvents(PostgreSqlEventLog log, LogReader reader) : IEventLog
{
    public bool IsGapless => true;

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        reader.Stream(stream, afterVersion, countMax, cancellation);

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        reader.All(afterPosition, countMax, cancellation);

    public Task<long> Head(CancellationToken cancellation) => reader.Head(cancellation);

    public Task WaitPast(long position, CancellationToken cancellation) => log.WaitPast(position, cancellation);

    public Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation) => log.Append(stream, expectedVersion, events, metadata, cancellation);
}
