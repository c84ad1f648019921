using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The one writer of a process: takes whatever appends wait, writes them in one transaction, answers their
/// callers.</summary>
/// <remarks>
/// It never waits for a batch to fill: one caller alone pays no delay, and while a commit is under way the next batch
/// gathers.
/// A batch that fails is tried again; what the database will not take is tried one by one, so that only the culprit
/// fails.
/// </remarks>
internal sealed partial class Sequencer : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Channel<PendingAppend> _queue;
    private readonly BatchWriter _writer;
    private readonly EventLogLimits _limits;
    private readonly Action<long> _committed;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _queuedBytes;

    /// <param name="writer">Owned: disposed of with the sequencer.</param>
    /// <param name="limits">What may wait.</param>
    /// <param name="committed">Told the position of the last event after each commit.</param>
    /// <param name="logger">Told of failures; callers are told too.</param>
    public Sequencer(BatchWriter writer, EventLogLimits limits, Action<long> committed, ILogger logger)
    {
        (_writer, _limits, _committed, _logger) = (writer, limits, committed, logger);
        _queue = System.Threading.Channels.Channel.CreateBounded<PendingAppend>(
            new BoundedChannelOptions(limits.QueueAppendsMax) { SingleReader = true });
        new Thread(Run) { Name = "jifu event log", IsBackground = true }.Start();
    }

    /// <exception cref="EventLogOverloadedException">The queue is full.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public void Enqueue(PendingAppend append)
    {
        if (Interlocked.Add(ref _queuedBytes, append.Bytes) <= _limits.QueueBytesMax && _queue.Writer.TryWrite(append))
            return;
        Interlocked.Add(ref _queuedBytes, -append.Bytes);
        ObjectDisposedException.ThrowIf(_queue.Reader.Completion.IsCompleted || _stop.IsCancellationRequested, this);
        throw new EventLogOverloadedException(
            "The event log has as many appends waiting as it holds. Try again later.");
    }

    /// <summary>Writes what waits, for as long as an append may wait; then gives up the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
            return;
        _stop.CancelAfter(_limits.Wait);
        await _ended.Task;
        _stop.Dispose();
    }

    private void Run()
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var batch = Drain();
            try
            {
                WriteUntilDone(batch);
            }
#pragma warning disable CA1031 // Whatever went wrong with this batch, the writer must live on for the next.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogGaveUp(e, batch.Count);
                foreach (var append in batch)
                    append.TrySetException(new EventLogUnavailableException(
                        "The event log did not answer; whether the events were written is unknown.", e));
            }
        }

        _writer.Dispose();
        _ended.SetResult();
    }

    private List<PendingAppend> Drain()
    {
        var batch = new List<PendingAppend>();
        long bytes = 0;
        while (batch.Count < _limits.BatchAppendsMax && bytes < _limits.BatchBytesMax
            && _queue.Reader.TryRead(out var append))
        {
            bytes += append.Bytes;
            if (!append.IsAbandoned)
                batch.Add(append);
        }

        Interlocked.Add(ref _queuedBytes, -bytes);
        return batch;
    }

    /// <summary>Tries again, with growing pauses, as long as somebody waits. Callers' own time limits end it.</summary>
    private void WriteUntilDone(List<PendingAppend> batch)
    {
        var refused = false;
        for (var pause = FirstPause; batch.Count > 0; pause = Longer(pause))
        {
            try
            {
                Write(batch);
                return;
            }
            catch (PostgresException e) when (IsRefusal(e) && batch.Count == 1 && refused)
            {
                batch[0].TrySetException(new InvalidOperationException(
                    $"The database refuses the append to {batch[0].Stream}: {e.MessageText} ({e.SqlState})", e));
                return;
            }
            catch (PostgresException e) when (IsRefusal(e))
            {
                // Once more, alone and with nothing remembered: a writer without our lock may have taken the place.
                LogWillRetry(e, batch.Count);
                refused = true;
                if (batch.Count > 1)
                {
                    WriteOneByOne(batch);
                    return;
                }
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

    private void WriteOneByOne(List<PendingAppend> batch)
    {
        foreach (var append in batch)
            WriteUntilDone([append]);
    }

    private void Write(List<PendingAppend> appends)
    {
        var batch = _writer.Write(appends);
        _committed(batch.HeadPosition);

        // Waking hundreds of callers takes time, in which the next batch can already be on its way.
        _ = Task.Run(batch.Answer);
    }

    // Classes 22 and 23: the data or a constraint. Trying the same again would end the same.
    private static bool IsRefusal(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} appends failed and is tried again")]
    private partial void LogWillRetry(Exception e, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {Count} appends was given up")]
    private partial void LogGaveUp(Exception e, int count);
}
