using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>A log that is asked again, for a while, when it does not answer.</summary>
/// <param name="holders">Tells for whom a reader waits, where the log is in the database of the views.</param>
internal sealed class PatientLog(IEventLog log, TimeProvider time, TableHolders? holders) : IEventLog
{
    public bool IsGapless => log.IsGapless;

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        Read(() => log.ReadStream(stream, afterVersion, countMax, cancellation), cancellation);

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        Read(() => log.ReadAll(afterPosition, countMax, cancellation), cancellation);

    public Task<long> Head(CancellationToken cancellation) => Read(() => log.Head(cancellation), cancellation);

    public Task WaitPast(long position, CancellationToken cancellation) => log.WaitPast(position, cancellation);

    public Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation) => log.Append(stream, expectedVersion, events, metadata, cancellation);

    private Task<T> Read<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        var reading = AskedAgain.While(e => e is EventLogUnavailableException, read, time, cancellation);
        return holders is null
            ? reading
            : holders.While(reading, "the event log, which is", "log", ["events"], cancellation);
    }
}
