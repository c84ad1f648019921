using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Divides a channel's money between what we advanced for T+0 (垫资) and what the channel owes besides.
/// </summary>
/// <remarks>What a booking is to repay is set aside first, in one stream a channel: of several servers that divide at
/// one moment one is first, and the others look again. A division whose booking was killed is taken up by whoever books
/// it; one whose line is something else after all sets nothing aside.</remarks>
public sealed class AdvanceRepayment(
    IEventLog log, EventCodec codec, IdSource ids, DayStreams days, ClearingQueries clearing, Projector views,
    TimeProvider time)
{
    private readonly AllMatches matches = new(log, codec, ids, time);

    /// <summary>How much of a day's money repays what T+0 runs of that day have advanced.</summary>
    /// <param name="version">Of the day's stream, after which the booking is told.</param>
    /// <param name="booking">Of the day's money, or of a rest of it (<see cref="BankMovement"/>).</param>
    /// <param name="beforeMinor">What other money of the day has repaid of them already.</param>
    public async Task<Money> OfDay(
        Channel channel, BusinessDay day, long version, string booking, Money came, long beforeMinor,
        EventMetadata metadata, CancellationToken cancellation) =>
        came.IsPositive
            ? await Divided(
                channel, new(day, version, booking, came),
                async () => await clearing.AdvancedMinor(channel, day, cancellation) - beforeMinor, metadata,
                cancellation)
            : Money.Zero(came.Currency);

    /// <summary>The same of a withdrawal, which is no single day's: it repays whatever is still advanced.</summary>
    /// <param name="number">The withdrawal's.</param>
    public async Task<Money> OfWithdrawal(
        Channel channel, BusinessDay day, long version, string number, Money came, EventMetadata metadata,
        CancellationToken cancellation) =>
        came.IsPositive
            ? await Divided(
                channel, new(day, version, BankMovement.WithdrawalBooking(number), came),
                () => Task.FromResult(long.MaxValue), metadata, cancellation)
            : Money.Zero(came.Currency);

    /// <param name="most">With all that came as what is repaid.</param>
    private async Task<Money> Divided(
        Channel channel, AdvanceClaim most, Func<Task<long>> advanced, EventMetadata metadata,
        CancellationToken cancellation)
    {
        while (true)
        {
            var history = await log.Load<AdvanceEvent>(codec, StreamOf(channel), cancellation);
            var open = await StillOpen(channel, history.Events, cancellation);
            if (open.Find(claim => claim with { Repaid = most.Repaid } == most && !(claim.Repaid > most.Repaid)) is
                { } begun)
                return begun.Repaid;

            // What was told while we looked is in the views, and open no more.
            await views.WaitForHead(cancellation);
            var left = await clearing.AdvanceLeftMinor(channel, most.Repaid.Currency, cancellation);
            left = Math.Min(left - open.Sum(claim => claim.Repaid.MinorUnits), await advanced());
            if (!open.SequenceEqual(await StillOpen(channel, history.Events, cancellation)))
                continue;
            var repaid = most.Repaid with { MinorUnits = Math.Clamp(left, 0, most.Repaid.MinorUnits) };
            if (repaid.IsZero)
                return repaid;
            var claimed = new AdvanceEvent.Claimed(
                channel, [.. open, most with { Repaid = repaid }], time.GetUtcNow().ToOffset(BusinessDay.Offset));
            var result = await log.TryAppend<AdvanceEvent>(
                codec, ids, StreamOf(channel), history.Version, [claimed], metadata, cancellation);
            if (result.Outcome != AppendOutcome.Conflict)
                return repaid;
        }
    }

    // Those whose booking may still be told.
    private async Task<List<AdvanceClaim>> StillOpen(
        Channel channel, IReadOnlyList<AdvanceEvent> told, CancellationToken cancellation)
    {
        var (open, claimed) = (new List<AdvanceClaim>(), told.OfType<AdvanceEvent.Claimed>().ToList());
        foreach (var claim in claimed.LastOrDefault()?.Open ?? [])
        {
            // A booking that was under way while its line was undone is taken back by whoever looks next. Each claim is
            // the last of its event when it is made, and the same one may be made again after an undoing.
            var since = claimed.Last(one => one.Open is [.., var made] && made == claim).At;
            if ((await days.Load(channel, claim.Day, cancellation)).Version == claim.Version
                && !await matches.IsUndone(
                    BankMovement.OfBooking(channel, claim.Day, claim.Booking), since, cancellation))
                open.Add(claim);
        }

        return open;
    }

    private static StreamName StreamOf(Channel channel) => new("advance", channel.Name());
}
