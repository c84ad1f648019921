using System.Threading.Channels;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Appends that wait to be written, bounded in number and in bytes; and what wakes the thread that takes
/// them.</summary>
internal sealed class AppendQueue(EventLogLimits limits)
{
    private readonly Channel<PendingAppend> _appends = System.Threading.Channels.Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(limits.QueueAppendsMax));

    private readonly object _news = new();
    private bool _isNew;
    private long _bytes;
    private int _count;

    /// <summary>How many wait at least: what is just being added may not be counted yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True once the queue was closed and all was taken.</summary>
    public bool IsAtEnd => _appends.Reader.Completion.IsCompleted;

    /// <summary>Wakes the reader when the first waits, and again when <paramref name="worthTelling"/> do.</summary>
    /// <returns>False when the queue is full, or closed.</returns>
    public bool TryAdd(PendingAppend append, int worthTelling)
    {
        if (Interlocked.Add(ref _bytes, append.Bytes) > limits.QueueBytesMax || !_appends.Writer.TryWrite(append))
        {
            Interlocked.Add(ref _bytes, -append.Bytes);
            return false;
        }

        // Counted only when it can be taken, so each count that matters is reached, and told, in the end.
        var count = Interlocked.Increment(ref _count);
        if (count == 1 || count == worthTelling)
            Tell();
        return true;
    }

    /// <summary>Takes what waits, up to a batch; nobody waits any more for those left out.</summary>
    public List<PendingAppend> Take()
    {
        var batch = new List<PendingAppend>();
        long bytes = 0;
        var taken = 0;
        while (batch.Count < limits.BatchAppendsMax && bytes < limits.BatchBytesMax
            && _appends.Reader.TryRead(out var append))
        {
            bytes += append.Bytes;
            taken++;
            if (!append.IsAbandoned)
                batch.Add(append);
        }

        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Add(ref _count, -taken);
        return batch;
    }

    /// <returns>False when it was closed before.</returns>
    public bool TryClose()
    {
        var closed = _appends.Writer.TryComplete();
        Tell();
        return closed;
    }

    public void Tell()
    {
        lock (_news)
        {
            _isNew = true;
            Monitor.Pulse(_news);
        }
    }

    /// <summary>Waits until something was told since the last time. One thread at a time.</summary>
    public void AwaitNews()
    {
        lock (_news)
        {
            while (!_isNew)
                Monitor.Wait(_news);
            _isNew = false;
        }
    }
}
