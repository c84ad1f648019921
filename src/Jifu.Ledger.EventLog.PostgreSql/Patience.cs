namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Ends the wait of appends that have waited too long, whether in the queue or already taken.</summary>
/// <remarks>One timer for all: a timer for each append would cost more than many an append.</remarks>
internal sealed class Patience : IDisposable
{
    private readonly AppendQueue _queue;
    private readonly TimeSpan _wait;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly List<IReadOnlyList<PendingAppend>> _taken = [];

    public Patience(AppendQueue queue, TimeSpan wait)
    {
        (_queue, _wait) = (queue, wait);
        var period = TimeSpan.FromMilliseconds(Math.Clamp(wait.TotalMilliseconds / 20, 20, 250));
        _timer = TimeProvider.System.CreateTimer(_ => EndOverdue(), null, period, period);
    }

    /// <summary>These left the queue, in order; watches them until each has its answer.</summary>
    public void Watch(IReadOnlyList<PendingAppend> taken)
    {
        lock (_lock)
        {
            _taken.RemoveAll(appends => appends.All(append => append.IsAbandoned));
            if (taken.Count > 0)
                _taken.Add(taken);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void EndOverdue()
    {
        Watch([]);
        IReadOnlyList<PendingAppend>[] taken;
        lock (_lock)
            taken = [.. _taken];
        foreach (var append in taken.SelectMany(appends => appends).Concat(_queue.Waiting))
        {
            // Whoever follows has waited less.
            if (!append.HasWaited(_wait))
                return;
            append.TrySetException(new EventLogUnavailableException(
                $"The append to {append.Stream} had no answer in time; whether it was written is unknown.", null));
        }
    }
}
