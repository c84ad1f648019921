using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The one place of a process where appends are put in order: takes whatever waits, writes it in one
/// transaction, answers the callers.</summary>
/// <remarks>
/// It never waits for a batch to fill: one caller alone pays no delay, and while a commit is under way the next batch
/// gathers. Once enough have gathered, that batch is planned upon the one under way and sent as well, by another thread
/// on another connection, so that the database works on both; it is committed after the one under way, or not at all.
/// The threads take turns; whoever has the turn decides what comes next.
/// A batch that fails is tried again; what the database will not take is tried one by one, so that only the culprit
/// fails.
/// </remarks>
internal sealed partial class Sequencer : IAsyncDisposable
{
    // Fewer are not worth a transaction beside those under way; up to the other one each more makes all cheaper.
    private const int WorthAheadMin = 32, ShareMin = 256;
    private const int ClashesMax = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly AppendQueue _queue;
    private readonly Patience _patience;
    private readonly PlannedHeads _planned;
    private readonly EventLogLimits _limits;
    private readonly Action<EventRows> _committed;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _turn = new();
    private readonly ConcurrentQueue<IReadOnlyList<PendingAppend>> _failed = new();
    private readonly int _others;
    private int _underWay, _appendsUnderWay, _awaitsQuiet, _threads;

    /// <param name="writers">One for each thread; owned: disposed of with the sequencer.</param>
    /// <param name="time">Says when an event was recorded.</param>
    /// <param name="limits">What may wait.</param>
    /// <param name="committed">Told what was written, after each commit.</param>
    /// <param name="logger">Told of failures; callers are told too.</param>
    public Sequencer(
        IReadOnlyList<BatchWriter> writers, TimeProvider time, EventLogLimits limits, Action<EventRows> committed,
        ILogger logger)
    {
        (_queue, _planned) = (new(limits), new(limits.HeadsMax, time));
        (_limits, _committed, _logger) = (limits, committed, logger);
        _patience = new(_queue, limits.Wait);
        (_threads, _others) = (writers.Count, Math.Max(1, writers.Count - 1));
        foreach (var writer in writers)
            new Thread(() => Run(writer)) { Name = "jifu event log", IsBackground = true }.Start();
    }

    // So that in the end each connection has an equal share: many small transactions cost more than a few.
    private int WorthAhead => Math.Max(WorthAheadMin, Volatile.Read(ref _appendsUnderWay) / _others);

    // Half at most: all callers in one batch would come back at once, to be one again while a core stands still.
    private int Share => Math.Max(ShareMin, (Volatile.Read(ref _appendsUnderWay) + _queue.Count) / 2);

    /// <exception cref="EventLogOverloadedException">The queue is full.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public void Enqueue(PendingAppend append)
    {
        if (_queue.TryAdd(append, WorthAhead))
            return;
        ObjectDisposedException.ThrowIf(_queue.IsAtEnd || _stop.IsCancellationRequested, this);
        throw new EventLogOverloadedException(
            "The event log has as many appends waiting as it holds. Try again later.");
    }

    /// <summary>Writes what waits, for as long as an append may wait; then gives up the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.TryClose())
            return;
        _stop.CancelAfter(_limits.Wait);
        await _ended.Task;
        _patience.Dispose();
        _stop.Dispose();
    }

    private void Run(BatchWriter writer)
    {
        while (Turn(writer, out var planned))
        {
            if (planned is not null)
                Carry(writer, planned);
        }

        writer.Dispose();
        if (Interlocked.Decrement(ref _threads) == 0)
            _ended.SetResult();
    }

    /// <summary>Waits for appends and plans them as a batch; what cannot be planned is written at once.</summary>
    /// <returns>False at the end.</returns>
    private bool Turn(BatchWriter writer, out AppendBatch? planned)
    {
        planned = null;
        lock (_turn)
        {
            while (_failed.IsEmpty && _queue.Count < (Volatile.Read(ref _underWay) == 0 ? 1 : WorthAhead))
            {
                if (_queue.IsAtEnd)
                    return false;
                _queue.AwaitNews();
            }

            var appends = _queue.Take(Share);
            _patience.Watch(appends);
            planned = Tried(appends, () => _planned.Plan(appends, writer));
            if (planned is not null)
            {
                Interlocked.Add(ref _appendsUnderWay, planned.Appends.Count);
                Interlocked.Increment(ref _underWay);
                return true;
            }

            Interlocked.Exchange(ref _awaitsQuiet, 1);
            while (Volatile.Read(ref _underWay) > 0)
                _queue.AwaitNews();
            Interlocked.Exchange(ref _awaitsQuiet, 0);
            while (_failed.TryDequeue(out var earlier))
                WriteAlone(writer, [.. earlier]);
            WriteAlone(writer, appends);
            return true;
        }
    }

    /// <summary>Writes a planned batch, while another thread may plan the next.</summary>
    private void Carry(BatchWriter writer, AppendBatch planned)
    {
        if (Tried(planned.Appends, () => writer.Write(planned)))
        {
            Answer(planned);
        }
        else
        {
            // In the order of their planning, whichever failed first: so they are tried again in that order.
            _planned.Distrust();
            planned.AwaitTurn();
            _failed.Enqueue(planned.Appends);
            planned.Fate.Tell(committed: false);
        }

        // Waking another thread for nothing would cost a lone caller time.
        Interlocked.Add(ref _appendsUnderWay, -planned.Appends.Count);
        Interlocked.Decrement(ref _underWay);
        if (_queue.Count > 0 || !_failed.IsEmpty || Volatile.Read(ref _awaitsQuiet) > 0)
            _queue.Tell();
    }

    // Whatever goes wrong on the short way, the long one tells what to do about it.
    private T? Tried<T>(IReadOnlyCollection<PendingAppend> appends, Func<T> work)
    {
        try
        {
            return work();
        }
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogWillRetry(e, appends.Count);
            return default;
        }
    }

    /// <summary>Has the turn, with nothing under way: asks the database where the log stands.</summary>
    private void WriteAlone(BatchWriter writer, List<PendingAppend> appends)
    {
        try
        {
            WriteUntilDone(writer, appends);
        }
#pragma warning disable CA1031 // Whatever went wrong with this batch, the writer must live on for the next.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogGaveUp(e, appends.Count);
            foreach (var append in appends)
                append.TrySetException(e is EventLogOverloadedException ? e : new EventLogUnavailableException(
                    "The event log did not answer; whether the events were written is unknown.", e));
        }
    }

    /// <summary>Tries again, with growing pauses, as long as somebody waits. Callers' own time limits end it.</summary>
    private void WriteUntilDone(BatchWriter writer, List<PendingAppend> batch)
    {
        var (refused, clashes) = (false, 0);
        for (var pause = FirstPause; batch.Count > 0; pause = Longer(pause))
        {
            try
            {
                Answer(_planned.Learn(writer.WriteUnderLock(batch)));
                return;
            }
            catch (PostgresException e) when (e.IsRefusal() && batch.Count == 1 && refused)
            {
                batch[0].TrySetException(new InvalidOperationException(
                    $"The database refuses the append to {batch[0].Stream}: {e.MessageText} ({e.SqlState})", e));
                return;
            }
            catch (PostgresException e) when (e.IsRefusal())
            {
                // Once more, alone and with nothing remembered: a writer without our lock may have taken the place.
                LogWillRetry(e, batch.Count);
                refused = true;
                if (batch.Count > 1)
                {
                    foreach (var append in batch)
                        WriteUntilDone(writer, [append]);
                    return;
                }
            }
            catch (PostgresException e) when (e.IsClash() && ++clashes >= ClashesMax)
            {
                throw new EventLogOverloadedException(
                    "The append ran into other transactions again and again; nothing was written.");
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                LogWillRetry(e, batch.Count);
            }

            if (_stop.Token.WaitHandle.WaitOne(pause))
                throw new EventLogUnavailableException("The event log was closed before the database answered.", null);
            batch.RemoveAll(append => append.IsAbandoned);
        }
    }

    private void Answer(AppendBatch batch)
    {
        // The one before is committed too, but may not be told of yet: readers learn of batches in their order.
        batch.AwaitTurn();
        _planned.Committed(batch);
        _committed(batch.Rows);
        batch.Fate.Tell(committed: true);
        batch.Answer();
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} appends failed and is tried again")]
    private partial void LogWillRetry(Exception e, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {Count} appends was given up")]
    private partial void LogGaveUp(Exception e, int count);
}
