using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Channels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Reconciliation;

namespace Jifu.Ledger.Operations.Days;

/// <summary>What closing a day came to, channel by channel.</summary>
/// <param name="ThreeSides">How our books, the trade bills and the money stand to each other.</param>
public sealed record DayReport(
    BusinessDay Day, IReadOnlyList<ClearingReport> Clearings, IReadOnlyList<ReconciliationOutcome> Reconciliations,
    IReadOnlyList<ThreeSidesRow> ThreeSides)
{
    /// <summary>What of the day is not explained, channel by channel; none when all is.</summary>
    public IReadOnlyList<UnexplainedDay> Unexplained { get; init; } = [];
}

/// <summary>Closes business days (日切): clears every channel, pays out, reconciles, books the channels' money.</summary>
/// <remarks>Which days are due follows from what is recorded, not from when a job last ran; and each step is done once,
/// however often it is asked for.</remarks>
public sealed class DayClose(
    Projector views, ClearingRun clearing, ReconciliationRun reconciliation, FundFlowImport fundFlows,
    BankMatching bank, ClearingQueries items, ChannelLineQueries lines, ThreeSidesQueries sides,
    DayAcceptance acceptance, ChannelDirectory channels)
{
    // A bill that a channel has not given by then needs a person.
    private const int LookBackDays = 31;

    /// <summary>Closes one day.</summary>
    public Task<DayReport> Close(BusinessDay day, EventMetadata metadata, CancellationToken cancellation) =>
        Close(day, null, metadata, cancellation);

    /// <param name="accepting">Why the day is closed although differences of it are open; null to say nothing of
    /// them.</param>
    public async Task<DayReport> Close(
        BusinessDay day, string? accepting, EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        await EndBegunRuns(day, metadata, cancellation);
        var clearings = new List<ClearingReport>();
        var reconciliations = new List<ReconciliationOutcome>();
        foreach (var channel in channels.All)
        {
            clearings.Add(await clearing.ClearDay(channel, day, metadata, cancellation));
            reconciliations.Add(await reconciliation.Run(channel, day, metadata, cancellation));
        }

        // Whoever closed a day looks at it next.
        await bank.Run(metadata, cancellation);
        await views.WaitForHead(cancellation);
        var unexplained = accepting is null
            ? await acceptance.Of(day, cancellation)
            : await acceptance.Accept(day, accepting, metadata, cancellation);
        return new(day, clearings, reconciliations, await sides.OfDay(day, cancellation))
        {
            Unexplained = unexplained,
        };
    }

    /// <summary>Makes withdrawals known of which older programs noted the sum only, and looks for them at the bank.
    /// </summary>
    /// <returns>The days whose fund flow was checked once more; none the next time.</returns>
    public async Task<IReadOnlyList<(Channel Channel, BusinessDay Day)>> CheckOlderFundFlows(
        EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var older = await fundFlows.CheckOlder(metadata, cancellation);
        if (older.Count > 0)
            await bank.Run(metadata, cancellation);
        return older;
    }

    /// <summary>Closes every day that is over and not closed yet, oldest first; ends runs of any day that died on
    /// their way.</summary>
    /// <exception cref="AggregateException">Some day could not be closed; the others were.</exception>
    public async Task<IReadOnlyList<DayReport>> CloseAll(EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var last = clearing.LastOver;
        var failed = new List<Exception>();
        await Try(() => EndBegunRuns(new(last.Date.AddDays(-LookBackDays)), metadata, cancellation));
        var days = (await items.Waiting(last, cancellation)).Select(waiting => waiting.Day)
            .Concat(await lines.DaysUnfinished(new(last.Date.AddDays(-LookBackDays)), last, cancellation))
            .Concat(await DaysWithoutFundFlow(new(last.Date.AddDays(-LookBackDays)), last, cancellation));
        var reports = new List<DayReport>();
        foreach (var day in days.Distinct().Order())
            await Try(async () => reports.Add(await Close(day, metadata, cancellation)));
        return failed is [] ? reports : throw new AggregateException("Not all days could be closed.", failed);

        // What is wrong with one day keeps no other day's merchants from their money.
        async Task Try(Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                failed.Add(e);
            }
        }
    }

    private async Task<IEnumerable<BusinessDay>> DaysWithoutFundFlow(
        BusinessDay from, BusinessDay to, CancellationToken cancellation)
    {
        var giving = channels.All.Where(channel => channels[channel].GivesFundFlow).Select(channel => channel.Name());
        return await sides.DaysWithoutFundFlow([.. giving], from, to, cancellation);
    }

    // What such a run's batch took, no other batch will.
    private async Task EndBegunRuns(BusinessDay since, EventMetadata metadata, CancellationToken cancellation)
    {
        foreach (var batch in await items.Unfinished(since, cancellation))
            await clearing.Resume(batch, metadata, cancellation);
    }
}
