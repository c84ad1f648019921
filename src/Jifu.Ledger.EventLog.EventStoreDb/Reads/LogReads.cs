using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Reads;

/// <summary>Reads pages: of a stream and the newest position from the leader, of all streams from the preferred
/// node.</summary>
/// <remarks>A page that breaks off is read again from its beginning: nothing half is ever handed on.</remarks>
internal sealed class LogReads(EventStoreDbSettings settings, Cluster cluster, TimeProvider time)
{
    private const int StrideEvents = 2_000;
    private const string NoLeader = "No leader info available in response";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly PositionMarks _marks = new();

    /// <param name="stream">Which.</param>
    /// <param name="afterVersion">The last version that the reader has; -1 for none.</param>
    /// <param name="countMax">The most events.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="patience">How long to try; null for the usual time.</param>
    /// <exception cref="InvalidOperationException">Events are missing in it.</exception>
    public async Task<IReadOnlyList<RecordedEvent>> Stream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var page = await Persistently<RecordedEvent>(
            new(cluster.Leader, true, patience ?? settings.DefaultDeadline),
            new(ReadRequests.Stream(stream, afterVersion, countMax), RecordedEvents.Of), cancellation);
        for (var i = 0; i < page.Count; i++)
            if (page[i].Version != afterVersion + 1 + i)
                throw Refusal.Truncated(stream, afterVersion + 1 + i, page[i].Version);
        return page;
    }

    /// <summary>A stretch of all streams, after any position: also one at which no event stands, which the server
    /// itself does not understand.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> All(
        long afterPosition, int countMax, CancellationToken cancellation)
    {
        try
        {
            return await From(afterPosition, countMax, cancellation);
        }
        catch (GrpcException)
        {
            return await Stride(afterPosition, countMax, cancellation);
        }
    }

    /// <summary>Whether a server that knows all of a log's positions may have failed because it does not know this
    /// one.</summary>
    /// <remarks>A cluster between two leaders answers with the same code, and nothing but words to tell it
    /// by.</remarks>
    public static bool IsOfPosition(GrpcException failure) =>
        failure.Code is Code.InvalidArgument or Code.OutOfRange
        || (failure.Code == Code.Unknown && failure.Detail != NoLeader);

    // From the last place that is known, over all that stands between.
    private async Task<IReadOnlyList<RecordedEvent>> Stride(
        long afterPosition, int countMax, CancellationToken cancellation)
    {
        for (var from = _marks.Before(afterPosition); ;)
        {
            var page = await From(from, StrideEvents, cancellation);

            // A server that stops ends a page early and well.
            if (page.Count == 0 || page[^1].Position > afterPosition)
                return [.. page.Where(recorded => recorded.Position > afterPosition).Take(countMax)];
            from = page[^1].Position;
        }
    }

    private async Task<IReadOnlyList<RecordedEvent>> From(
        long afterPosition, int countMax, CancellationToken cancellation)
    {
        // From a position is with the event at it, which the reader has.
        var count = (ulong)countMax + (afterPosition < 0 ? 0UL : 1UL);
        var page = await Persistently<RecordedEvent>(
            new(cluster.Preferred, settings.NodePreference == NodePreference.Leader, settings.DefaultDeadline,
                afterPosition >= 0 && !_marks.Holds(afterPosition)),
            new(ReadRequests.AllFrom(afterPosition, count), RecordedEvents.Of)
            {
                LeavesOut = IsKnown, CountMax = countMax, BytesMax = PageLimit.Bytes,
            }, cancellation);
        if (page.Count > 0)
            _marks.Add(page[^1].Position);
        return page;

        // Nothing but the event itself tells that one stands there: from beyond the end nothing comes either.
        bool IsKnown(long position)
        {
            if (position == afterPosition)
                _marks.Add(position);
            return afterPosition >= 0 && position <= afterPosition;
        }
    }

    /// <summary>A stretch of all streams against their order, before any position.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> AllBackwards(
        long beforePosition, int countMax, CancellationToken cancellation)
    {
        if (beforePosition <= 0)
            return [];
        if (_marks.Holds(beforePosition))
            return await Back(beforePosition, beforePosition, countMax, cancellation);

        // What a server answers from beyond the end nobody has to know.
        if (beforePosition >= long.MaxValue / 2 || beforePosition > await Newest(cancellation))
            return await Back(null, beforePosition, countMax, cancellation);
        try
        {
            return await Back(beforePosition, beforePosition, countMax, cancellation);
        }
        catch (GrpcException)
        {
            // No event stands there: back from the next one.
            var next = await All(beforePosition - 1, 1, cancellation);
            return await Back(next is [var one, ..] ? one.Position : null, beforePosition, countMax, cancellation);
        }
    }

    private async Task<IReadOnlyList<RecordedEvent>> Back(
        long? from, long beforePosition, int countMax, CancellationToken cancellation)
    {
        // Should a server count the event at the position, it is not one of ours.
        var count = (ulong)countMax + (from is null ? 0UL : 1UL);
        var page = await Persistently<RecordedEvent>(
            new(cluster.Preferred, settings.NodePreference == NodePreference.Leader, settings.DefaultDeadline,
                from is { } doubted && !_marks.Holds(doubted)),
            new(ReadRequests.Backwards(from, count), RecordedEvents.Of)
            {
                LeavesOut = position => position >= beforePosition, CountMax = countMax, BytesMax = PageLimit.Bytes,
            }, cancellation);
        if (page.Count > 0)
            _marks.Add(page[^1].Position);
        return page;
    }

    /// <summary>The position of the newest event that is not the system's own; -1 for none.</summary>
    public async Task<long> Newest(CancellationToken cancellation)
    {
        var page = await Persistently<long>(
            new(cluster.Leader, true, settings.DefaultDeadline),
            new(ReadRequests.Backwards(null, 1), RecordedEvents.Position) { CountMax = 1 }, cancellation);
        return page.Count == 0 ? -1 : page[0];
    }

    private async Task<IReadOnlyList<T>> Persistently<T>(
        Way way, Wanted<T> wanted, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            Node? node = null;
            var left = way.Patience - time.GetElapsedTime(begun);
            try
            {
                node = await way.Choice(left, cancellation);
                left = way.Patience - time.GetElapsedTime(begun);
                return await Page(node, way.NeedsLeader, wanted, left, cancellation);
            }
            catch (GrpcException e)
            {
                if (way.DoubtsPosition && IsOfPosition(e))
                {
                    // It says nothing against the node. An unknown error may be chance, once.
                    if (e.Code != Code.Unknown || attempt > 1)
                        throw;
                    continue;
                }

                if (Refusal.Of(e) is { } refusal)
                    throw refusal;
                if (node is not null)
                    cluster.Learn(node, e);
                if (time.GetElapsedTime(begun) + Pause >= way.Patience)
                    throw new EventLogUnavailableException($"EventStoreDB could not be read: {e.Message}", e);
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private static async Task<IReadOnlyList<T>> Page<T>(
        Node node, bool needsLeader, Wanted<T> wanted, TimeSpan timeout, CancellationToken cancellation)
    {
        var (page, bytes) = (new List<T>(), 0L);
        using var call = await node.Call(EventStoreMethods.Read, needsLeader, timeout, cancellation, wanted.Request);

        // A server that filters finds out that it has sent enough when it has found one more: what we have is not
        // waited for.
        while (bytes < wanted.BytesMax && page.Count < wanted.CountMax
            && await call.Next(ReadResp.Parser) is { } response)
        {
            if (response.ContentCase != ReadResp.ContentOneofCase.Event
                || wanted.LeavesOut?.Invoke(RecordedEvents.Position(response.Event)) is true)
                continue;
            page.Add(wanted.Told(response.Event));
            bytes += RecordedEvents.Bytes(response.Event);
        }

        return page;
    }

    /// <summary>Whom to ask, and for how long.</summary>
    /// <param name="DoubtsPosition">True when the position that is read from may be none of the log's.</param>
    private sealed record Way(
        Func<TimeSpan, CancellationToken, ValueTask<Node>> Choice, bool NeedsLeader, TimeSpan Patience,
        bool DoubtsPosition = false);

    /// <summary>What to ask for, and what to make of it.</summary>
    private sealed record Wanted<T>(ReadReq Request, Func<ReadResp.Types.ReadEvent, T> Told)
    {
        /// <summary>True for the position of an event that comes, and is not wanted; null wants all.</summary>
        public Func<long, bool>? LeavesOut { get; init; }

        /// <summary>The page ends with the event that makes so many.</summary>
        public int CountMax { get; init; } = int.MaxValue;

        /// <summary>The page ends with the event that reaches it.</summary>
        public long BytesMax { get; init; } = long.MaxValue;
    }
}
