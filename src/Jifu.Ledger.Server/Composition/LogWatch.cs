using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Ends the process when the database has lost events that it had told us are committed: what we remember of
/// them must not become views, answers or further events. After the next start <see cref="LogAge"/> decides.</summary>
internal sealed class LogWatch(IServiceProvider rooms, IHostApplicationLifetime lifetime) : BackgroundService
{
    private const int LostTail = 3;

    // Our own log, or the copy of another store's.
    private readonly PostgreSqlEventLog _log =
        rooms.GetRequiredService<IEventLog>() as PostgreSqlEventLog ?? rooms.GetRequiredService<PostgreSqlEventLog>();

    /// <summary>What the process ends with.</summary>
    public int ExitCode => _log.TailLost.IsCompleted ? LostTail : 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _log.TailLost.WaitAsync(stoppingToken);
        lifetime.StopApplication();
    }
}
