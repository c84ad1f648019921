using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>Refunds payments: holds the amount first, then asks the channel, then records its answer.</summary>
public sealed class RefundDesk(
    CommandDesk desk, CoveredPayment covered, ChannelDirectory channels, TimeProvider time)
{
    /// <summary>Refunds some or all of a payment. The same refund again answers how it stands;
    /// it is never made twice.</summary>
    public async Task<PaymentOutcome> Refund(
        PaymentId id, RefundId refund, Money amount, string reason, string? notifyUrl, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var outcome = await covered.RequestRefund(
            id, new(refund, amount, reason, notifyUrl, BusinessDay.Of(now), now), metadata, cancellation);
        return outcome.Refusal is null && Open(outcome.Payment, refund) is not null
            ? await Send(outcome, refund, metadata, cancellation)
            : outcome;
    }

    /// <summary>Asks the channel about a refund that has no end yet; sends it again when the channel never heard of
    /// it.</summary>
    public async Task<PaymentOutcome> Refresh(
        PaymentId id, RefundId refund, EventMetadata metadata, CancellationToken cancellation)
    {
        var payment = await desk.Load(Aggregates.Payments, id.Value, cancellation);
        var outcome = new PaymentOutcome(id, payment, null);
        if (Open(payment, refund) is null)
            return outcome;
        var answer = await channels[payment.Order!.Channel].QueryRefund(
            ChannelNumbers.RefundNo(id, refund), cancellation);
        return answer is ChannelAnswer.NotFound
            ? await Send(outcome, refund, metadata, cancellation)
            : await Record(id, refund, answer, metadata, CancellationToken.None).WaitAsync(cancellation) ?? outcome;
    }

    /// <summary>Records what a channel said of a refund; null when it said nothing new.</summary>
    public async Task<PaymentOutcome?> Record(
        PaymentId id, RefundId refund, ChannelAnswer answer, EventMetadata metadata, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var day = BusinessDay.Of(now);
        PaymentCommand? command = answer switch
        {
            ChannelAnswer.Refunded a => new PaymentCommand.ConfirmRefund(
                refund, a.Reference, a.Amount, a.RefundedAt, day, now),
            ChannelAnswer.Refused a => new PaymentCommand.FailRefund(refund, a.Code, a.Reason, day, now),
            ChannelAnswer.Unknown a => new PaymentCommand.MarkRefundUnknown(refund, a.Reason, now),
            _ => null,
        };
        return command is null ? null : await Handle(id, command, metadata, cancellation);
    }

    // Every message about a refund carries the same number, so sending it again can only find it done.
    private async Task<PaymentOutcome> Send(
        PaymentOutcome outcome, RefundId refund, EventMetadata metadata, CancellationToken cancellation)
    {
        var order = outcome.Payment.Order!;
        var open = Open(outcome.Payment, refund)!;
        var answer = await channels[order.Channel].Refund(
            new(outcome.Id, ChannelNumbers.RefundNo(outcome.Id, refund), open.Amount, order.Amount, open.Reason),
            cancellation);
        var recorded = await Record(outcome.Id, refund, answer, metadata, CancellationToken.None)
            .WaitAsync(cancellation);
        return recorded is null ? outcome : recorded with { IsNew = outcome.IsNew };
    }

    private static Refund? Open(Payment payment, RefundId refund) =>
        payment is Payment.Paid paid && paid.Refunds.TryGetValue(refund.Value, out var known)
            && known.Status is RefundStatus.Requested or RefundStatus.Unknown
            ? paid.Refunds[refund.Value]
            : null;

    private async Task<PaymentOutcome> Handle(
        PaymentId id, PaymentCommand command, EventMetadata metadata, CancellationToken cancellation) =>
        PaymentOutcome.Of(id, await desk.Handle(Aggregates.Payments, id.Value, command, metadata, cancellation));
}
