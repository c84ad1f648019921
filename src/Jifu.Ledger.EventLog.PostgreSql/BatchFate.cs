namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>What has become of a batch, for the one that was planned upon it.</summary>
internal sealed class BatchFate
{
    private readonly object _news = new();
    private bool? _committed;

    /// <summary>The first event of the oldest batch that was under way when this one was planned; set when it is
    /// chained.</summary>
    public (long Position, ReadOnlyMemory<byte> Link) Root { get; set; }

    /// <summary>Null while the batch is under way. False also when nobody knows.</summary>
    public bool? IsCommitted
    {
        get
        {
            lock (_news)
                return _committed;
        }
    }

    public void Tell(bool committed)
    {
        lock (_news)
        {
            _committed = committed;
            Monitor.PulseAll(_news);
        }
    }

    /// <summary>Waits until it is told.</summary>
    public bool Await()
    {
        lock (_news)
        {
            while (_committed is null)
                Monitor.Wait(_news);
            return _committed.Value;
        }
    }
}
