using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Settlement;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Merchants;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Clearing;

/// <summary>What a run cleared and sent out.</summary>
/// <param name="Refusal">Why it did not begin; null when it ran to its end.</param>
public sealed record ClearingReport(
    BatchId Batch, IReadOnlyList<MerchantPosition> Positions, IReadOnlyList<SettlementOutcome> Settlements,
    Refusal? Refusal);

/// <summary>Clears (清分) a channel's business day: opens the batch, sums what it took, clears each merchant, orders
/// the settlements, closes it.</summary>
/// <remarks>
/// The event that opens the batch decides by its place in the log what the batch takes. So a run that is started twice,
/// or killed at any point and started again, comes to the same sums and does each step once.
/// </remarks>
public sealed class ClearingRun(
    CommandDesk desk, Projector views, ClearingQueries clearing, MerchantQueries merchants,
    SettlementDesk settlements, TimeProvider time)
{
    private const int ChunkMax = 500;

    // A payment that was being written when the day ended has this long to arrive before the day is closed.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>The latest business day that may be cleared now.</summary>
    public BusinessDay LastOver => BusinessDay.Of(time.GetUtcNow() - Grace).Previous;

    /// <summary>The T+1 run of a day that is over. A second start changes nothing.</summary>
    public Task<ClearingReport> ClearDay(
        Channel channel, BusinessDay day, EventMetadata metadata, CancellationToken cancellation) =>
        Run(channel, day, SettlementTerm.T1, 1, [], metadata, cancellation);

    /// <summary>A T+0 run on demand: what the T+0 merchants have earned today so far.</summary>
    /// <param name="run">The number of the run; null for a new one. The same number again changes nothing.</param>
    public async Task<ClearingReport> ClearNow(
        Channel channel, int? run, EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var today = BusinessDay.Of(time.GetUtcNow());
        var number = run ?? await clearing.T0Runs(channel, today, cancellation) + 1;
        var at = (await merchants.SettledAtOnce(cancellation)).ToValueList();
        return await Run(channel, today, SettlementTerm.T0, number, at, metadata, cancellation);
    }

    /// <summary>Brings a run that died on its way to its end: what its batch took, no other takes.</summary>
    public Task<ClearingReport> Resume(BatchRow batch, EventMetadata metadata, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Run(
            ChannelNames.Parse(batch.Channel), batch.Day, Enum.Parse<SettlementTerm>(batch.Term), batch.Run, [],
            metadata, cancellation);
    }

    private async Task<ClearingReport> Run(
        Channel channel, BusinessDay day, SettlementTerm term, int run, ValueList<MerchantId> of,
        EventMetadata metadata, CancellationToken cancellation)
    {
        var batch = ClearingBatch.IdOf(channel, day, term, run);
        var today = term == SettlementTerm.T0 ? BusinessDay.Of(time.GetUtcNow()) : LastOver.Next;
        var opened = await Handle(
            batch, new ClearingCommand.Open(channel, day, term, run, of, today, time.GetUtcNow()), metadata,
            cancellation);
        if (opened.Rejection is { } rejection)
            return new(batch, [], [], Refusal.Of(rejection, $"Batch {batch} was not opened."));

        await views.WaitForHead(cancellation);
        var positions = await clearing.PositionsOf(batch, cancellation);
        foreach (var chunk in positions.Chunk(ChunkMax))
            await Handle(batch, new ClearingCommand.Clear(batch, chunk, time.GetUtcNow()), metadata, cancellation);
        var closed = await Handle(batch, new ClearingCommand.Close(time.GetUtcNow()), metadata, cancellation);
        var terms = ((ClearingBatch.Closed)closed.State).Was.Terms;
        var settled = new List<SettlementOutcome>();
        foreach (var position in positions.Where(position => position.Payable.IsPositive))
            settled.Add(await settlements.Settle(batch, terms, position, metadata, cancellation));
        return new(batch, positions, settled, null);
    }

    private Task<Handled<ClearingBatch, ClearingEvent, ClearingRejection>> Handle(
        BatchId batch, ClearingCommand command, EventMetadata metadata, CancellationToken cancellation) =>
        desk.Handle(Aggregates.Clearing, batch.Value, command, metadata, cancellation);
}
