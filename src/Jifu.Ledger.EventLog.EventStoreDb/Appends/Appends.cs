using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Reads;

namespace Jifu.Ledger.EventLog.EventStoreDb.Appends;

/// <summary>Appends until there is an answer: whatever becomes unknown on the way is looked up, then tried again with
/// the same ids, which EventStoreDB writes once.</summary>
internal sealed class Appends(EventStoreDbSettings settings, AppendDoor door, LogReads reads, TimeProvider time)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);

    // The newest position that this process has heard of; what is written later stands after it.
    private long _newest = -2;

    private readonly Lock _lock = new();
    private Task<long>? _asking;

    /// <inheritdoc cref="IEventLog.Append"/>
    public async Task<AppendResult> Append(ReadyAppend append, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var before = await Newest(cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var left = settings.DefaultDeadline - time.GetElapsedTime(begun);
            try
            {
                // An answer that does not come is missed early enough to look and to try once more.
                var answer = await door.Bring(append, Most(attempt == 1 ? left / 2 : left), cancellation);
                return await Result(append, answer, before, cancellation);
            }
            catch (GrpcException e)
            {
                var pause = PauseMin * Math.Min(attempt, 10);
                left = settings.DefaultDeadline - time.GetElapsedTime(begun) - pause;
                if (left <= TimeSpan.Zero)
                    throw new EventLogUnavailableException(
                        $"The append to {append.Stream} had no answer; whether it was written is unknown. "
                        + e.Message, e);
                if (await Found(append, left / 2, cancellation) is { } position)
                    return Written(append, position, before);
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    /// <summary>Takes note of a position that was seen.</summary>
    public void Heard(long position)
    {
        var newest = Volatile.Read(ref _newest);
        while (position > newest)
            newest = Interlocked.CompareExchange(ref _newest, position, newest) is var was && was == newest
                ? position
                : was;
    }

    private static TimeSpan Most(TimeSpan left) => left > PauseMin ? left : PauseMin;

    // Asked once, however many append at the start.
    private async ValueTask<long> Newest(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _newest) < -1)
        {
            Task<long> asking;
            lock (_lock)
                asking = _asking ??= reads.Newest(CancellationToken.None);
            try
            {
                Heard(await asking.WaitAsync(cancellation));
            }
            finally
            {
                lock (_lock)
                    _asking = null;
            }
        }

        return Volatile.Read(ref _newest);
    }

    private async Task<AppendResult> Result(
        ReadyAppend append, AppendAnswer answer, long before, CancellationToken cancellation) =>
        answer.ConflictVersion is { } version
            ? new(AppendOutcome.Conflict, version, -1)
            : answer.Revision is { } revision && revision != append.LastVersion
            ? throw Refusal.Truncated(append.Stream, append.LastVersion, revision)

            // The head is at or after it: whoever waits for that waits long enough.
            : Written(append, answer.Position ?? await reads.Newest(cancellation), before);

    // EventStoreDB says yes to a repeat too, with the old position.
    private AppendResult Written(ReadyAppend append, long position, long before)
    {
        Heard(position);
        return new(
            position > before ? AppendOutcome.Appended : AppendOutcome.AlreadyAppended, append.LastVersion, position);
    }

    /// <summary>The position of the append's last event when all stands where it should; null when it does
    /// not.</summary>
    private async Task<long?> Found(ReadyAppend append, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            var there = await reads.Stream(
                append.Stream, append.ExpectedVersion, append.Events.Count, cancellation, patience);
            if (!there.Select(@event => @event.EventId).SequenceEqual(append.Events.Select(@event => @event.EventId)))
                return null;
            return there[^1].Position is var position and >= 0 ? position : await reads.Newest(cancellation);
        }
        catch (EventLogUnavailableException)
        {
            return null;
        }
    }
}
