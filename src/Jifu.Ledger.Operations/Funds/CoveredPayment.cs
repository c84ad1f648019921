using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Operations.Funds;

/// <summary>Refunds, splits and cancellations: what takes money out of a payment whose merchant may have it no
/// longer. Decided by the payment's rules, then covered by the merchant's funds, then recorded.</summary>
/// <remarks>
/// A process may die in between: then the amount stays put aside until the same comes again and takes it up, or
/// until <see cref="Abandon"/>. One of a payment comes after the other, so that what it needs is reckoned on what
/// stands. What is put aside is freed only after the payment's own stream has it that what it was for will never be, so
/// that no slower process can still record it.
/// </remarks>
public sealed class CoveredPayment(CommandDesk desk, FundsDesk funds, TimeProvider time)
{
    private const int PlacesMax = 1 << 10;
    private readonly SemaphoreSlim[] _places = [.. Enumerable.Range(0, PlacesMax).Select(_ => new SemaphoreSlim(1))];

    public Task<PaymentOutcome> RequestRefund(
        PaymentId id, PaymentCommand.RequestRefund request, EventMetadata metadata, CancellationToken cancellation) =>
        InTurn(id, () => Refund(id, request, metadata, cancellation), cancellation);

    public Task<PaymentOutcome> MakeSplit(
        PaymentId id, PaymentCommand.MakeSplit request, EventMetadata metadata, CancellationToken cancellation) =>
        InTurn(id, () => Divide(id, request, metadata, cancellation), cancellation);

    public Task<PaymentOutcome> RequestCancel(
        PaymentId id, PaymentCommand.RequestCancel request, EventMetadata metadata, CancellationToken cancellation) =>
        InTurn(id, () => Undo(id, request, metadata, cancellation), cancellation);

    private async Task<PaymentOutcome> InTurn(
        PaymentId id, Func<Task<PaymentOutcome>> work, CancellationToken cancellation)
    {
        var place = _places[id.GetHashCode() & (PlacesMax - 1)];
        await place.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            place.Release();
        }
    }

    private async Task<PaymentOutcome> Refund(
        PaymentId id, PaymentCommand.RequestRefund request, EventMetadata metadata, CancellationToken cancellation)
    {
        var payment = await desk.Load(Aggregates.Payments, id.Value, cancellation);
        var decision = PaymentRules.Decide(payment, request);
        if (decision.Events is not [PaymentEvent.RefundRequested asked])
            return PaymentOutcome.Of(id, new(payment, [], decision.Rejection, payment));
        return await Covered(
            new(id, payment, HoldId.Of(id, request.Refund), asked.Merchant, PaymentReturns.Need(asked)),
            held => request with { Held = held }, metadata, cancellation);
    }

    private async Task<PaymentOutcome> Divide(
        PaymentId id, PaymentCommand.MakeSplit request, EventMetadata metadata, CancellationToken cancellation)
    {
        var payment = await desk.Load(Aggregates.Payments, id.Value, cancellation);
        var decision = PaymentRules.Decide(payment, request);
        if (decision.Events is not [PaymentEvent.SplitMade asked])
            return PaymentOutcome.Of(id, new(payment, [], decision.Rejection, payment));
        return await Covered(
            new(
                id, payment, HoldId.Of(id, request.Split), asked.Merchant,
                Split.Total(asked.Shares, asked.Shares[0].Amount.Currency)),
            held => request with { Held = held }, metadata, cancellation);
    }

    private async Task<PaymentOutcome> Undo(
        PaymentId id, PaymentCommand.RequestCancel request, EventMetadata metadata, CancellationToken cancellation)
    {
        var payment = await desk.Load(Aggregates.Payments, id.Value, cancellation);
        var decision = PaymentRules.Decide(payment, request);
        if (decision.Events is not [PaymentEvent.CancelRequested] || payment is not Payment.Paid paid)
            return PaymentOutcome.Of(id, new(payment, [], decision.Rejection, payment));
        return await Covered(
            new(
                id, payment, HoldId.Of(id, paid.CancelNo), paid.Asked.Merchant, PaymentReturns.NeedToCancel(paid)),
            held => request with { No = paid.CancelNo, Held = held }, metadata, cancellation);
    }

    /// <summary>Frees an amount that was put aside for something which nobody recorded; leaves it alone when somebody
    /// did.</summary>
    public async Task Abandon(
        MerchantId merchant, HoldId hold, Money amount, string reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var (id, now) = (hold.Payment!.Value, time.GetUtcNow());
        PaymentCommand withdraw = hold switch
        {
            { Refund: { } refund } => new PaymentCommand.WithdrawRefund(refund, reason, now),
            { Split: { } split } => new PaymentCommand.WithdrawSplit(split, reason, now),
            { Cancel: { } no } => new PaymentCommand.WithdrawCancel(no, reason, now),
            _ => throw new InvalidOperationException($"{hold} is for no payment."),
        };
        var handled = await Handle(id, withdraw, metadata, cancellation);
        if (!IsRecorded(handled.State, hold))
            await funds.Release(merchant, hold, amount, reason, metadata, cancellation);
    }

    private async Task<PaymentOutcome> Covered(
        Asked asked, Func<Money, PaymentCommand> request, EventMetadata metadata, CancellationToken cancellation)
    {
        var (held, refusal) = asked.Need.IsPositive
            ? await funds.Hold(asked.Merchant, asked.Hold, asked.Need, metadata, cancellation)
            : (asked.Need, null);
        return held is { } put
            ? await UsedOrFreed(asked, put, request(put), metadata).WaitAsync(cancellation)
            : new(asked.Id, asked.Payment, refusal);
    }

    // From here on the amount is put aside: it is used or freed even when the caller has gone away, or waits no longer.
    private async Task<PaymentOutcome> UsedOrFreed(
        Asked asked, Money put, PaymentCommand request, EventMetadata metadata)
    {
        var handled = await Handle(asked.Id, request, metadata, CancellationToken.None);
        if (handled.Rejection is { } rejection && put.IsPositive)
            await Abandon(
                asked.Merchant, asked.Hold, put, SnakeCase.Of($"{rejection}"), metadata, CancellationToken.None);
        return PaymentOutcome.Of(asked.Id, handled);
    }

    private static bool IsRecorded(Payment payment, HoldId hold) => payment switch
    {
        Payment.Paid p => Has(p, hold),
        Payment.Cancelled p => Has(p.Was, hold),
        _ => false,
    };

    private static bool Has(Payment.Paid paid, HoldId hold) => hold switch
    {
        { Refund: { } refund } => paid.Refunds.ContainsKey(refund.Value),
        { Split: { } split } => paid.Splits.ContainsKey(split.Value),
        _ => paid.HasCancel(hold.Cancel!.Value),
    };

    private Task<Handled<Payment, PaymentEvent, PaymentRejection>> Handle(
        PaymentId id, PaymentCommand command, EventMetadata metadata, CancellationToken cancellation) =>
        desk.Handle(Aggregates.Payments, id.Value, command, metadata, cancellation);

    private sealed record Asked(PaymentId Id, Payment Payment, HoldId Hold, MerchantId Merchant, Money Need);
}
