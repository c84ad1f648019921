using Jifu.Ledger.Channels.Payouts;
using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Risk;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Settlement;

/// <summary>How a settlement stands after a step, and why a step was refused.</summary>
public sealed record SettlementOutcome(SettlementId Id, SettlementOrder Order, Refusal? Refusal);

/// <summary>Orders settlements (结算单) and drives their payouts (代付) to an end: in the log first, then at the
/// bank.</summary>
/// <remarks>A payout is asked for under one reference until its end is known, so asking again never pays
/// twice.</remarks>
public sealed class SettlementDesk(
    CommandDesk desk, MerchantDesk merchants, RiskDesk risk, FundsDesk funds, IPayoutBank bank, TimeProvider time)
{
    /// <summary>Orders what a batch made payable and sends it out. Again: drives what is still open, and nothing
    /// else.</summary>
    public async Task<SettlementOutcome> Settle(
        BatchId batch, ClearingEvent.Opened terms, MerchantPosition position, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var (merchant, amount) = (position.Merchant, position.Payable);
        var id = SettlementOrder.IdOf(batch, merchant, amount.Currency);
        var known = await merchants.Find(merchant, cancellation)
            ?? throw new InvalidDataException($"Batch {batch} cleared {merchant}, whom nobody registered.");
        var ordered = new SettlementEvent.Ordered(
            merchant, batch, terms.Channel, terms.Day, terms.Term, amount, known.PayoutAccount, time.GetUtcNow());
        var judged = await risk.JudgePayout(merchant, amount, cancellation);
        var outcome = await Handle(id, new SettlementCommand.Order(ordered, judged), metadata, cancellation);
        return outcome.Order switch
        {
            SettlementOrder.Ready { Attempts: 0 } => await Send(id, metadata, cancellation),
            SettlementOrder.InTransit => await Refresh(id, metadata, cancellation),
            _ => outcome,
        };
    }

    /// <summary>Sends a payout, or sends it again under a new reference after the bank refused it.</summary>
    /// <remarks>What the merchant's funds do not cover is not sent. The order stands, and the next run or chase tries
    /// again.</remarks>
    public async Task<SettlementOutcome> Send(
        SettlementId id, EventMetadata metadata, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        PayoutHold? held = null;
        if (await desk.Load(Aggregates.Settlements, id.Value, cancellation) is SettlementOrder.Ready ready)
        {
            var (reference, terms) = (ready.NextReference(id), ready.Terms);
            var (put, refusal) = await funds.Hold(
                terms.Merchant, HoldId.OfPayout(reference), terms.Amount, metadata, cancellation);
            if (put is null)
                return new(id, ready, refusal);
            held = new(reference, put.Value);
        }

        var outcome = await Handle(
            id, new SettlementCommand.Send(id, BusinessDay.Of(now), now, held), metadata, cancellation);
        return outcome is { Refusal: null, Order: SettlementOrder.InTransit sent }
            ? await Ask(id, sent, bank.Send, metadata, cancellation)
            : outcome;
    }

    /// <summary>Asks the bank about a payout without an end; sends it again when the bank never heard of it.</summary>
    public async Task<SettlementOutcome> Refresh(
        SettlementId id, EventMetadata metadata, CancellationToken cancellation)
    {
        var order = await desk.Load(Aggregates.Settlements, id.Value, cancellation);
        return order switch
        {
            SettlementOrder.InTransit sent => await Ask(id, sent, QueryOrSend, metadata, cancellation),
            SettlementOrder.Ready { Attempts: 0 } => await Send(id, metadata, cancellation),
            _ => new(id, order, null),
        };
    }

    private async Task<PayoutAnswer> QueryOrSend(Payout payout, CancellationToken cancellation) =>
        await bank.Query(payout.Reference, cancellation) is var answer and not PayoutAnswer.NotFound
            ? answer
            : await bank.Send(payout, cancellation);

    private async Task<SettlementOutcome> Ask(
        SettlementId id, SettlementOrder.InTransit sent, Func<Payout, CancellationToken, Task<PayoutAnswer>> ask,
        EventMetadata metadata, CancellationToken cancellation)
    {
        var answer = await ask(new(sent.Reference, sent.Terms.PayoutAccount, sent.Terms.Amount), cancellation);
        var now = time.GetUtcNow();
        var day = BusinessDay.Of(now);
        SettlementCommand command = answer switch
        {
            PayoutAnswer.Paid a => new SettlementCommand.Confirm(sent.Reference, a.BankReference, day, now),
            PayoutAnswer.Refused a => new SettlementCommand.Fail(sent.Reference, a.Code, a.Reason, day, now),
            PayoutAnswer.Unknown a => new SettlementCommand.MarkUnknown(sent.Reference, a.Reason, now),
            _ => new SettlementCommand.MarkUnknown(sent.Reference, "The bank does not know this payout.", now),
        };

        // The bank has acted: what it said is recorded even when the caller has gone away.
        return await Handle(id, command, metadata, CancellationToken.None);
    }

    private async Task<SettlementOutcome> Handle(
        SettlementId id, SettlementCommand command, EventMetadata metadata, CancellationToken cancellation)
    {
        var handled = await desk.Handle(Aggregates.Settlements, id.Value, command, metadata, cancellation);
        return new(id, handled.State, handled.Rejection is { } rejection
            ? Refusal.Of(rejection, $"Settlement {id} is {SnakeCase.Of(handled.State.GetType().Name)}.")
            : null);
    }
}
