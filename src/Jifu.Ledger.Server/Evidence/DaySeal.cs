using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.Operations.Days;

namespace Jifu.Ledger.Server.Evidence;

/// <summary>Takes a checkpoint when a day is closed.</summary>
internal sealed partial class DaySeal(Notary notary, ILogger<DaySeal> logger)
{
    /// <summary>Does nothing for a day that stays open. A day is closed with or without its checkpoint: when one cannot
    /// be taken, that is told, and the schedule takes the next.</summary>
    public async Task Seal(DayReport report, CancellationToken cancellation)
    {
        if (report.Clearings.Any(one => one.Refusal is not null)
            || report.Reconciliations.Any(one => one.Refusal is not null || !one.FundsReceived))
            return;
        try
        {
            await notary.Take($"day_close {report.Day}", onlyNews: false, cancellation);
        }
#pragma warning disable CA1031 // Whatever it was, the day is closed.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotSealed(e, $"{report.Day}");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No checkpoint was taken of the close of {Day}")]
    private partial void LogNotSealed(Exception e, string day);
}
