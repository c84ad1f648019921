namespace Jifu.Ledger.EventLog.EventStoreDb.Tests;

/// <summary>A log that others have used, from a place on: as if it began there, with streams that nobody has used.
/// </summary>
/// <param name="log">The whole log, to which nobody else writes for now.</param>
/// <param name="begin">Its head; what stands up to there is not seen.</param>
/// <param name="run">Stands in the name of each stream.</param>
internal sealed class LogFrom(IEventLog log, long begin, string run) : IEventLog
{
    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        Seen(await log.ReadStream(Inside(stream), afterVersion, countMax, cancellation));

    public async Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        Seen(await log.ReadAll(Math.Max(afterPosition, begin), countMax, cancellation));

    public async Task<IReadOnlyList<RecordedEvent>> ReadAllBackwards(
        long beforePosition, int countMax, CancellationToken cancellation) =>
        Seen([.. (await log.ReadAllBackwards(beforePosition, countMax, cancellation))
            .Where(one => one.Position > begin)]);

    public async Task<long> Head(CancellationToken cancellation) =>
        await log.Head(cancellation) is var head && head > begin ? head : -1;

    public Task WaitPast(long position, CancellationToken cancellation) =>
        log.WaitPast(Math.Max(position, begin), cancellation);

    public Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation) =>
        log.Append(Inside(stream), expectedVersion, events, metadata, cancellation);

    // A name that is none stays none.
    private StreamName Inside(StreamName stream) => stream == default ? stream : new(stream.Category, run + stream.Id);

    private List<RecordedEvent> Seen(IReadOnlyList<RecordedEvent> events) => [.. events.Select(one => one with
    {
        Stream = new(one.Stream.Category, one.Stream.Id[run.Length..]),
    })];
}
