using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Days;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Server.Evidence;
using Quartz;

namespace Jifu.Ledger.Server.Schedule;

/// <summary>Closes every business day that is over and not closed yet (日切): T+1 clearing, payouts,
/// reconciliation.</summary>
[DisallowConcurrentExecution]
internal sealed partial class CloseDays(DayClose days, DaySeal seal, ILogger<CloseDays> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var metadata = new EventMetadata("job:close_days", context.FireInstanceId);
        foreach (var report in await days.CloseAll(metadata, cancellationToken))
        {
            await seal.Seal(report, cancellationToken);
            foreach (var open in report.Reconciliations.Where(one => one.Refusal is not null || !one.FundsReceived))
                LogOpen($"{report.Day}", open.Channel.Name(), open.Refusal?.Code ?? "funds_not_received");
            foreach (var open in report.Reconciliations.Where(one => one.FundFlowRefusal is not null))
                LogNoFundFlow($"{report.Day}", open.Channel.Name(), open.FundFlowRefusal!.Detail);
            foreach (var open in report.Unexplained.Where(one => one.Accepted is null))
                LogUnexplained(
                    $"{report.Day}", open.Channel.Name(), open.Open, $"{open.Over}", $"{open.Short}", $"{open.Apart}");
        }

        foreach (var (channel, day) in await days.CheckOlderFundFlows(metadata, cancellationToken))
            LogCheckedAgain($"{day}", channel.Name());
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Day} stays open at {Channel}: {Reason}")]
    private partial void LogOpen(string day, string channel, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The fund flow of {Channel} of {Day} was checked again: its withdrawals are looked for at the bank")]
    private partial void LogCheckedAgain(string day, string channel);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Day} is not explained at {Channel}: {Open} differences open, {Over} over, {Short} short, "
            + "the bank {Apart} apart; nobody has accepted it")]
    private partial void LogUnexplained(
        string day, string channel, int open, string over, string @short, string apart);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Day} has no fund flow of {Channel}: {Reason}")]
    private partial void LogNoFundFlow(string day, string channel, string reason);
}

/// <summary>Asks about everything that has no end yet (追单).</summary>
[DisallowConcurrentExecution]
internal sealed class ChaseOutcomes(OutcomeChase chase) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await chase.Run(false, new EventMetadata("job:chase_outcomes", context.FireInstanceId), cancellationToken);
}
