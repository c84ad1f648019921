using Jifu.Ledger.EventLog.EventStoreDb.Appends;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Reads;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jifu.Ledger.EventLog.EventStoreDb;

/// <summary>The event log in EventStoreDB or KurrentDB: a node, or a cluster. One a process; several processes may
/// share a database.</summary>
/// <remarks>
/// Positions are the server's commit positions: they grow, with gaps. EventStoreDB's own streams (their names begin
/// with <c>$</c>) are left out; all others must be the ledger's. A stream read by itself has no positions on servers
/// before 24.2: they are -1 there.
/// </remarks>
public sealed class EventStoreDbEventLog : IEventLog, IAsyncDisposable
{
    private const int UnderWayMax = 16_384;
    private const long UnderWayBytesMax = 64 << 20;

    // Who looks again so often misses nothing, should a subscription be silent.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;
    private readonly Cluster _cluster;
    private readonly LogReads _reads;
    private readonly LiveSubscription _watch;
    private readonly AppendDoor _door;
    private readonly Appends.Appends _appends;
    private long _underWay;
    private long _underWayBytes;

    /// <param name="settings">Where it is.</param>
    /// <param name="time">Measures deadlines.</param>
    /// <param name="ids">Numbers the appends under way.</param>
    /// <param name="logger">Told of nodes that fail and leaders that change; null for nobody.</param>
    public EventStoreDbEventLog(
        EventStoreDbSettings settings, TimeProvider time, IdSource ids, ILogger<EventStoreDbEventLog>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var log = logger ?? NullLogger<EventStoreDbEventLog>.Instance;
        _time = time;
        _http = NodeConnections.Open(settings);
        _cluster = new(settings, _http, time, log);
        _reads = new(settings, _cluster, time);
        _watch = new(settings, _cluster, _reads, time, log);
        _door = new(settings, _cluster, ids, time);
        _appends = new(settings, _door, _reads, time);
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        _reads.Stream(stream, afterVersion, countMax, cancellation);

    public async Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation)
    {
        // After everything that can ever be there is nothing.
        if (afterPosition >= long.MaxValue / 2)
            return [];
        var page = await _reads.All(afterPosition, countMax, cancellation);
        if (page.Count > 0)
            _appends.Heard(page[^1].Position);
        return page;
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadAllBackwards(
        long beforePosition, int countMax, CancellationToken cancellation) =>
        _reads.AllBackwards(beforePosition, countMax, cancellation);

    public async Task<long> Head(CancellationToken cancellation)
    {
        var newest = await _reads.Newest(cancellation);
        _appends.Heard(newest);
        return newest;
    }

    public async Task WaitPast(long position, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var news = position < long.MaxValue / 2 ? _watch.Past(position) : Task.Delay(Poll, _time, cancellation);
        try
        {
            await news.WaitAsync(Poll, _time, cancellation);
        }
        catch (TimeoutException)
        {
            // Whoever waits looks again.
        }
    }

    public async Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var append = ReadyAppend.Checked(stream, expectedVersion, events, metadata);
        try
        {
            if (Interlocked.Increment(ref _underWay) > UnderWayMax
                | Interlocked.Add(ref _underWayBytes, append.Bytes) > UnderWayBytesMax)
                throw new EventLogOverloadedException(
                    "As many appends are under way to EventStoreDB as we hold; nothing was written.");
            return await _appends.Append(append, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            Interlocked.Add(ref _underWayBytes, -append.Bytes);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _door.DisposeAsync();
        await _cluster.DisposeAsync();
        _http.Dispose();
    }
}
