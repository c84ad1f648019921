using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.EventLog.EventStoreDb.Reads;

/// <summary>A live subscription to all streams that wakes whoever waits for news. Begins with the first who
/// waits.</summary>
/// <remarks>
/// It only wakes: what there is to read is read in pages, by position, so that nothing is lost or comes twice when the
/// subscription is dropped (a slow one is, with ABORTED), breaks or moves to another node. It goes on after the last
/// event or checkpoint that it has heard of.
/// </remarks>
internal sealed partial class LiveSubscription(
    EventStoreDbSettings settings, Cluster cluster, LogReads reads, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _closing = new();
    private readonly Bell _bell = new();
    private readonly Lock _lock = new();
    private Task? _following;

    /// <summary>Completes when there is an event after the position.</summary>
    public Task Past(long position)
    {
        lock (_lock)
            _following ??= Task.Run(() => Follow(position), CancellationToken.None);

        // Somebody has read up to there.
        _bell.Ring(position);
        return _bell.Past(position);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_following is { } following)
            await following;
        _closing.Dispose();
    }

    private async Task Follow(long begin)
    {
        var (after, failures) = (Place.At(begin), 0);

        // Whoever waits may name any position; only what a server has named is sure to be one of the log's.
        var isSure = false;
        while (!_closing.IsCancellationRequested)
        {
            Node? node = null;
            var (from, isSlow) = (after, false);
            try
            {
                node = await cluster.Preferred(settings.DefaultDeadline, _closing.Token);
                using var call = await node.Call(
                    EventStoreMethods.Read, settings.NodePreference == NodePreference.Leader, null, _closing.Token,
                    ReadRequests.Following(after));
                while (await call.Next(ReadResp.Parser) is { } response)
                    after = Place.Later(after, Heard(response));
            }
            catch (GrpcException e)
            {
                LogDropped(after.Commit, e.Message);
                isSure |= after != from;
                if (node is not null && e.Code != Code.Aborted && (isSure || !LogReads.IsOfPosition(e)))
                    cluster.Learn(node, e);

                // What it was too slow for is there to be read. Where it cannot begin it begins at the end.
                isSlow = e.Code == Code.Aborted;
                if (after == from && (isSlow || LogReads.IsOfPosition(e)) && await Newest() is { } newest && !isSlow)
                    (after, isSure) = (Place.At(newest), true);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            failures = after != from ? 0 : isSlow ? 1 : failures + 1;
            await Rest(failures);
        }
    }

    // Whoever waits looks at what lies between. Null when it is not known: who reads is told why.
    private async Task<long?> Newest()
    {
        try
        {
            var newest = await reads.Newest(_closing.Token);
            _bell.Ring(newest);
            return newest;
        }
        catch (Exception e) when (e is EventLogUnavailableException or OperationCanceledException
            or InvalidOperationException or InvalidDataException)
        {
            return null;
        }
    }

    private Place Heard(ReadResp response)
    {
        switch (response.ContentCase)
        {
            case ReadResp.ContentOneofCase.Event:
                var position = RecordedEvents.Position(response.Event);
                _bell.Ring(position);
                return Place.At(position);
            case ReadResp.ContentOneofCase.Checkpoint:
                // Some servers say so of a log in which they have found nothing for us: -1, without its sign.
                var checkpoint = response.Checkpoint;
                return checkpoint is { CommitPosition: <= long.MaxValue, PreparePosition: <= long.MaxValue }
                    ? new((long)checkpoint.CommitPosition, (long)checkpoint.PreparePosition)
                    : Place.None;
            default:
                return Place.None;
        }
    }

    // At once after a subscription that brought something, then more and more patiently.
    private async Task Rest(int failures)
    {
        if (failures == 0)
            return;
        var pause = TimeSpan.FromMilliseconds(50 * (1 << Math.Min(failures, 10)));
        try
        {
            await Task.Delay(pause < PauseMax ? pause : PauseMax, time, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    [LoggerMessage(LogLevel.Debug, "The subscription ended after {Position} and goes on there: {Reason}")]
    private partial void LogDropped(long position, string reason);
}
