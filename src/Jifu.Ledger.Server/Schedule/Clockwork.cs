using Quartz;

namespace Jifu.Ledger.Server.Schedule;

/// <summary>Starts the schedule when the server serves already, and ends it with the server. A database that is away
/// just then is asked again.</summary>
/// <remarks>Nothing of it is due in the first second, and payments wait for nothing of it; to put it together takes
/// half a second of a processor.</remarks>
internal sealed partial class Clockwork(
    [FromKeyedServices(Schedule.Name)] ISchedulerFactory factory, IHostApplicationLifetime lifetime,
    ILogger<Clockwork> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private IScheduler? _schedule;
    private volatile bool _started;

    /// <summary>True once the schedule runs.</summary>
    public bool IsStarted => _started;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(served.SetResult);
        await served.Task.WaitAsync(stoppingToken);
        while (!await TryStart(stoppingToken))
            await Task.Delay(Pause, TimeProvider.System, stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_schedule is { } schedule)
            await schedule.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    private async Task<bool> TryStart(CancellationToken cancellation)
    {
        try
        {
            _schedule = await factory.GetScheduler(cancellation);
            await _schedule.Start(cancellation);
            return _started = true;
        }
#pragma warning disable CA1031 // What it fails with is wrapped in several ways, and the server goes on without it.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogWaits(e.Message, e);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "The schedule cannot be started, and is tried again: {Reason}")]
    private partial void LogWaits(string reason, Exception cause);
}
