namespace Jifu.Ledger.EventLog;

/// <summary>Wakes whoever waits for events after a position.</summary>
public sealed class Bell
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private long _position = -1;

    /// <summary>The last position that was rung; -1 before the first.</summary>
    public long Position
    {
        get
        {
            lock (_lock)
                return _position;
        }
    }

    /// <summary>Tells that events up to a position are visible.</summary>
    public void Ring(long position)
    {
        TaskCompletionSource rung;
        lock (_lock)
        {
            if (position <= _position)
                return;
            (_position, rung, _next) = (position, _next, New());
        }

        rung.SetResult();
    }

    /// <summary>Completes at once when a position after this one has been rung, otherwise at the next ring: look
    /// again.</summary>
    public Task Past(long position)
    {
        lock (_lock)
            return _position > position ? Task.CompletedTask : _next.Task;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
