using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Quartz;

namespace Jifu.Ledger.Server.Evidence;

/// <summary>Signs where the log stands, when something was written since the last time.</summary>
[DisallowConcurrentExecution]
internal sealed class TakeCheckpoint(Notary notary) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await notary.Take("schedule", onlyNews: true, cancellationToken);
        }
        catch (LogAlteredException)
        {
            // The notary has raised the alarm, and does so again at each turn.
        }
        catch (CheckpointKeyMissingException)
        {
            // The same.
        }
    }
}

/// <summary>Hashes the whole log again, each night, and holds it against all checkpoints.</summary>
[DisallowConcurrentExecution]
internal sealed partial class CheckLog(LiveCheck check, ILogger<CheckLog> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var report = await check.Run(cancellationToken);
        if (report.IsGood)
            LogGood(report.Events, report.Proved?.Position ?? -1);
        else if (report.Findings.AreOnlyMissingKeys)
            LogKeyMissing(report.Events, report.Findings.Kept[0].Detail);
        else
            LogAltered(report.Findings.Count, report.Findings.FirstPosition, report.Findings.Kept[0].Detail);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Events} events are as they were written, proved up to position {Position}")]
    private partial void LogGood(long events, long position);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "No event of {Events} was found altered, but a checkpoint's key is missing. {Detail}")]
    private partial void LogKeyMissing(long events, string detail);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "THE LOG IS NOT WHAT WAS WRITTEN: {Count} findings, first at position {Position}. {Detail}")]
    private partial void LogAltered(long count, long? position, string detail);
}
