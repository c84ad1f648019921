using System.Collections.Concurrent;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Appends that wait to be written, bounded in number and in bytes; and what wakes the thread that takes
/// them.</summary>
internal sealed class AppendQueue(EventLogLimits limits)
{
    private readonly ConcurrentQueue<PendingAppend> _appends = new();
    private readonly object _news = new();
    private int _closed;
    private bool _isNew;
    private long _bytes;
    private int _places;
    private int _count;

    /// <summary>How many wait at least: what is just being added may not be counted yet.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>True once the queue was closed and all was taken.</summary>
    public bool IsAtEnd => IsClosed && Volatile.Read(ref _places) == 0;

    private bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Wakes the reader when the first waits, and again when <paramref name="worthTelling"/> do.</summary>
    /// <returns>False when the queue is full, or closed.</returns>
    public bool TryAdd(PendingAppend append, int worthTelling)
    {
        var bytes = Interlocked.Add(ref _bytes, append.Bytes);
        var places = Interlocked.Increment(ref _places);

        // A place is taken before the queue is seen open, so that whoever closes it waits for who took one.
        if (places > limits.QueueAppendsMax || bytes > limits.QueueBytesMax || IsClosed)
        {
            Interlocked.Add(ref _bytes, -append.Bytes);
            Interlocked.Decrement(ref _places);
            if (IsClosed)
                Tell();
            return false;
        }

        // Counted only when it can be taken, so each count that matters is reached, and told, in the end.
        _appends.Enqueue(append);
        var count = Interlocked.Increment(ref _count);
        if (count == 1 || count == worthTelling || IsClosed)
            Tell();
        return true;
    }

    /// <summary>Takes what waits, up to a batch of <paramref name="countMax"/>; nobody waits any more for those left
    /// out.</summary>
    public List<PendingAppend> Take(int countMax)
    {
        countMax = Math.Min(countMax, limits.BatchAppendsMax);
        var batch = new List<PendingAppend>(Math.Clamp(Count, 0, countMax));
        long bytes = 0;
        var taken = 0;
        while (batch.Count < countMax && bytes < limits.BatchBytesMax && _appends.TryDequeue(out var append))
        {
            bytes += append.Bytes;
            taken++;
            if (!append.IsAbandoned)
                batch.Add(append);
        }

        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Add(ref _count, -taken);
        Interlocked.Add(ref _places, -taken);
        return batch;
    }

    /// <summary>All that wait, the oldest first, as they are at the moment.</summary>
    public IEnumerable<PendingAppend> Waiting => _appends;

    /// <returns>False when it was closed before.</returns>
    public bool TryClose()
    {
        var closes = Interlocked.Exchange(ref _closed, 1) == 0;
        Tell();
        return closes;
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
