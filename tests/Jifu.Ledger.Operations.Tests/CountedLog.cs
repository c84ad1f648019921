using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Operations.Tests;

/// <summary>The log, with a count of how often somebody appends and of how many events are read from streams.</summary>
internal sealed class CountedLog(IEventLog log) : IEventLog
{
    public int Appends;
    public int Read;

    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation)
    {
        var page = await log.ReadStream(stream, afterVersion, countMax, cancellation);
        Interlocked.Add(ref Read, page.Count);
        return page;
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        log.ReadAll(afterPosition, countMax, cancellation);

    public Task<long> Head(CancellationToken cancellation) => log.Head(cancellation);

    public Task WaitPast(long position, CancellationToken cancellation) => log.WaitPast(position, cancellation);

    public Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation)
    {
        Interlocked.Increment(ref Appends);
        return log.Append(stream, expectedVersion, events, metadata, cancellation);
    }
}
