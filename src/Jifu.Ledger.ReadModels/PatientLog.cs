using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>A log that is asked again, for a while, when it does not answer: what has taken an hour to fold is not
/// thrown away for a moment of the database's.</summary>
/// <param name="holders">Tells for whom a reader waits, where the log is in the database of the views.</param>
internal sealed class PatientLog(IEventLog log, TimeProvider time, TableHolders? holders) : IEventLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
        var reading = Again(read, cancellation);
        return holders is null
            ? reading
            : holders.While(reading, "the event log, which is", "log", ["events"], cancellation);
    }

    private async Task<T> Again<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await read();
            }
            catch (EventLogUnavailableException) when (time.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
