using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>Tells all subscribers of new events, and asks the log but once for all of them; not at all while nobody
/// waits.</summary>
internal sealed partial class HeadWatch(IEventLog log, ILogger<HeadWatch> logger) : BackgroundService
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly Bell _bell = new();
    private readonly SemaphoreSlim _wanted = new(0);
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
                // Taken before looking, so that no ring in between is missed.
                var next = _bell.Past(position);
                if (_bell.Position > position)
                    return;
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
            _bell.Ring(head);
            await log.WaitPast(head, cancellation);
        }
        catch (EventLogUnavailableException e)
        {
            LogTrouble(e.Message);
            await Task.Delay(AfterTrouble, TimeProvider.System, cancellation);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Subscribers wait for the log: {Reason}")]
    private partial void LogTrouble(string reason);
}
