namespace Jifu.Ledger.EventLog.Tests.Search;

/// <summary>A log whose positions grow with gaps, as EventStoreDB's do: the same events, each a step further.</summary>
internal sealed class SparseLog(IEventLog dense) : IEventLog
{
    public const long Step = 13;

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public async Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation)
    {
        var after = afterPosition < 0 ? -1 : afterPosition / Step;
        return [.. (await dense.ReadAll(after, countMax, cancellation))
            .Select(one => one with { Position = one.Position * Step })];
    }

    public async Task<long> Head(CancellationToken cancellation) => await dense.Head(cancellation) * Step;

    public Task WaitPast(long position, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation) => throw new NotSupportedException();
}
