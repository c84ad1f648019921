using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>Tells all subscribers of new events, and asks the log but once for all of them; not at all while nobody
/// waits.</summary>
internal sealed partial class HeadWatch(IEventLog log, ILogger<HeadWatch> logger) : BackgroundService
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private TaskCompletionSource _next = New();
    private long _head = -1;
    private int _waiting;

    /// <summary>How many wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Completes when an event after the position is visible.</summary>
    public async Task Past(long position, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) == 1)
            _wanted.Release();
        try
        {
            while (true)
            {
                Task next;
                lock (_lock)
                {
                    if (_head > position)
                        return;
                    next = _next.Task;
                }

                await next.WaitAsync(cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _wanted.WaitAsync(stoppingToken);
            while (Waiting > 0)
                await Look(stoppingToken);
        }
    }

    private async Task Look(CancellationToken cancellation)
    {
        try
        {
            var head = await log.Head(cancellation);
            Tell(head);
            await log.WaitPast(head, cancellation);
        }
        catch (EventLogUnavailableException e)
        {
            LogTrouble(e.Message);
            await Task.Delay(AfterTrouble, TimeProvider.System, cancellation);
        }
    }

    private void Tell(long head)
    {
        TaskCompletionSource told;
        lock (_lock)
        {
            if (head <= _head)
                return;
            (_head, told, _next) = (head, _next, New());
        }

        told.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "Subscribers wait for the log: {Reason}")]
    private partial void LogTrouble(string reason);
}
