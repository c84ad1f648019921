using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Risk;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>Makes, queries, closes, cancels and splits payments: decides first, then talks to the channel,
/// then records its answer.</summary>
/// <remarks>
/// What we are about to ask is in the log before the channel is asked, and every question may be repeated.
/// So a process that
/// dies at any point leaves a payment that a query brings to the right end.
/// </remarks>
public sealed class PaymentDesk(
    CommandDesk desk, MerchantDesk merchants, RiskDesk risk, DayVolumes volumes, ChannelDirectory channels,
    ClearingQueries clearing, CoveredPayment covered, TimeProvider time)
{
    /// <summary>Makes a payment. The same order again answers what came of it the first time.</summary>
    public async Task<PaymentOutcome> Create(PaymentOrder order, EventMetadata metadata, CancellationToken cancellation)
    {
        var id = PaymentId.Of(order.Merchant, order.MerchantOrderNo);
        var day = BusinessDay.Of(time.GetUtcNow());
        var merchant = await merchants.Find(order.Merchant, cancellation);
        var (terms, refusal) = Terms(order, merchant, day);
        if (terms is null)
            return await Refused(id, order, refusal!, cancellation);

        var (decision, counted) = await risk.JudgePayment(
            id, order.Merchant, order.PayerId, order.Amount, merchant!.Limits, day, cancellation);
        var handled = await Handle(
            id, new PaymentCommand.Create(order, terms, decision, time.GetUtcNow()), metadata, cancellation);
        var outcome = PaymentOutcome.Of(id, handled);

        // A repeat is in the day's volume already, or came to nothing.
        if (counted && !outcome.IsNew)
            await volumes.Release(id, order.Merchant, day, order.Amount, cancellation);
        if (outcome is { Refusal: null, Payment: Payment.Refused refused })
            return outcome with { Refusal = ByRisk(refused) };

        // A repeat of a payment whose first answer was lost asks the channel again: it knows the number.
        return outcome is { Refusal: null, Payment: Payment.Pending { Credential: null } }
            ? await Ask(outcome, (channel, cancel) => channel.Pay(id, order, cancel), metadata, cancellation)
            : outcome;
    }

    public async Task<Payment> Find(PaymentId id, CancellationToken cancellation) =>
        await desk.Load(Aggregates.Payments, id.Value, cancellation);

    /// <summary>Asks the channel about a payment that has no end yet, and records what it says.</summary>
    public async Task<PaymentOutcome> Refresh(PaymentId id, EventMetadata metadata, CancellationToken cancellation)
    {
        var outcome = new PaymentOutcome(id, await Find(id, cancellation), null);
        return outcome.Payment switch
        {
            Payment.Pending p => await Ask(
                outcome, (channel, cancel) => QueryOrPay(channel, id, p, cancel), metadata, cancellation),
            Payment.Paid { Cancelling: true } => await Ask(
                outcome, (channel, cancel) => channel.Revoke(id, cancel), metadata, cancellation),
            _ => outcome,
        };
    }

    /// <summary>Closes a payment that nobody paid. The channel is asked first: it may have been paid a moment
    /// ago.</summary>
    public async Task<PaymentOutcome> Close(PaymentId id, EventMetadata metadata, CancellationToken cancellation)
    {
        var outcome = new PaymentOutcome(id, await Find(id, cancellation), null);
        if (outcome.Payment is Payment.Pending)
        {
            outcome = await Ask(outcome, (channel, cancel) => channel.Close(id, cancel), metadata, cancellation);
            if (outcome.Payment is Payment.Closed)
                return outcome;
        }

        // Not closed by the channel: the rules say what stands in the way.
        if (outcome.Payment is Payment.Pending)
            return outcome with
            {
                Refusal = Refusal.Of(
                    PaymentRejection.PaymentStillPending, $"The channel has not closed {id}; ask again."),
            };
        return PaymentOutcome.Of(id, await Handle(
            id, new PaymentCommand.Close(time.GetUtcNow()), metadata, cancellation));
    }

    /// <summary>Undoes a payment on its own business day, before it is cleared (撤销), if its merchant has what it takes:
    /// the channel is asked only then.</summary>
    /// <remarks>A T+0 run that begins at the same moment may still take the payment; then the cancellation is brought
    /// forward to the merchant's next batch, as a refund would be.</remarks>
    public async Task<PaymentOutcome> Cancel(
        PaymentId id, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        if (await Find(id, cancellation) is Payment.Paid { Cancelling: false } paid
            && await clearing.IsCleared(paid.Asked.Channel, id, paid.Asked.Merchant, paid.Day, cancellation))
            return new(id, paid, Refusal.Of(
                OperationRejection.PaymentAlreadyCleared, $"Payment {id} is cleared; refund it."));
        var now = time.GetUtcNow();
        var outcome = await covered.RequestCancel(
            id, new(reason, BusinessDay.Of(now), now), metadata, cancellation);
        return outcome is { Refusal: null, Payment: Payment.Paid }
            ? await Ask(outcome, (channel, cancel) => channel.Revoke(id, cancel), metadata, cancellation)
            : outcome;
    }

    public async Task<PaymentOutcome> MakeSplit(
        PaymentId id, SplitId split, ValueList<SplitRule> rules, EventMetadata metadata, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await covered.MakeSplit(id, new(split, rules, BusinessDay.Of(now), now), metadata, cancellation);
    }

    /// <summary>Records what a channel said of a payment, whether we asked or it told us.</summary>
    public async Task<PaymentOutcome> Record(
        PaymentId id, ChannelAnswer answer, EventMetadata metadata, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        PaymentCommand? command = answer switch
        {
            ChannelAnswer.Accepted a => new PaymentCommand.Accept(a.Credential, now),
            ChannelAnswer.Paid a => new PaymentCommand.Succeed(
                a.Reference, a.Amount, a.PaidAt, BusinessDay.Of(now), now),

            // Of a payment that is paid, and that nobody cancels, these two tell another story.
            ChannelAnswer.Closed => await Find(id, cancellation) is Payment.Paid
                ? new PaymentCommand.Fail("closed", "The channel says that nobody paid it.", now)
                : new PaymentCommand.Close(now),
            ChannelAnswer.Revoked a => await Find(id, cancellation) is Payment.Paid { Cancelling: false }
                ? new PaymentCommand.Fail("revoked", "The channel says that it was undone.", now)
                : new PaymentCommand.ConfirmCancel(a.Reference, BusinessDay.Of(now), now),
            ChannelAnswer.Refused a => await Find(id, cancellation) is Payment.Paid { Cancelling: true }
                ? new PaymentCommand.RefuseCancel(a.Code, a.Reason, now)
                : new PaymentCommand.Fail(a.Code, a.Reason, now),
            ChannelAnswer.NotFound => new PaymentCommand.MarkUnknown("The channel does not know this payment.", now),
            ChannelAnswer.Unknown a => new PaymentCommand.MarkUnknown(a.Reason, now),
            _ => null,
        };
        if (command is null)
            return new(id, await Find(id, cancellation), null);

        return await Carried(id, command, metadata, cancellation);
    }

    /// <summary>Ends an order for which the channel took another amount, as it says itself. It never books what was
    /// ordered afterwards, whatever the channel says.</summary>
    /// <param name="theirs">What the channel's bill says was paid.</param>
    public Task<PaymentOutcome> FailForAmount(
        PaymentId id, string theirs, EventMetadata metadata, CancellationToken cancellation) =>
        Carried(id, new PaymentCommand.FailForAmount(theirs, time.GetUtcNow()), metadata, cancellation);

    // What came to nothing takes no part in the day's volume.
    private async Task<PaymentOutcome> Carried(
        PaymentId id, PaymentCommand command, EventMetadata metadata, CancellationToken cancellation)
    {
        var outcome = PaymentOutcome.Of(id, await Handle(id, command, metadata, cancellation));
        if (outcome.Payment is Payment.Failed or Payment.Closed)
        {
            var made = (Payment.Made)outcome.Payment;
            await volumes.Release(id, made.Asked.Merchant, made.Terms.Day, made.Asked.Amount, cancellation);
        }

        return outcome;
    }

    private async Task<PaymentOutcome> Ask(
        PaymentOutcome outcome, Func<IPaymentChannel, CancellationToken, Task<ChannelAnswer>> ask,
        EventMetadata metadata, CancellationToken cancellation)
    {
        var answer = await ask(channels[outcome.Payment.Order!.Channel], cancellation);

        // The channel has acted: what it said is recorded even when the caller has gone away, or waits no longer.
        var recorded = await Record(outcome.Id, answer, metadata, CancellationToken.None).WaitAsync(cancellation);
        return recorded with { Refusal = outcome.Refusal, IsNew = outcome.IsNew };
    }

    // A payment that the channel never heard of was lost on the way out: it is sent again under its own number.
    private static async Task<ChannelAnswer> QueryOrPay(
        IPaymentChannel channel, PaymentId id, Payment.Pending pending, CancellationToken cancellation)
    {
        var answer = await channel.Query(id, cancellation);
        return answer is ChannelAnswer.NotFound ? await channel.Pay(id, pending.Asked, cancellation) : answer;
    }

    private (PaymentTerms? Terms, Refusal? Refusal) Terms(
        PaymentOrder order, Merchant.Active? merchant, BusinessDay day)
    {
        if (merchant is null)
            return (null, Refusal.Of(MerchantRejection.MerchantNotFound, $"No merchant {order.Merchant}."));
        if (merchant.Plan.RateFor(order.Channel) is not { } rate)
            return (null, Refusal.Of(
                OperationRejection.ChannelNotOpen, $"{order.Merchant} has no rate for {order.Channel.Name()}."));
        if (channels.Find(order.Channel) is not { } channel)
            return (null, ChannelDirectory.NotConnected(order.Channel));
        if (order is { Product: PaymentProduct.Micropay, PayerCode: null })
            return (null, Refusal.Of(OperationRejection.PayerCodeMissing, "Micropay needs payer_code."));

        var quote = FeeQuote.For(order.Amount, rate, merchant.Plan.OnRefund, channel.Terms);
        var rules = order.Split is [] ? merchant.Split : order.Split;
        if (rules is [])
            return (new(quote, [], day), null);
        var shares = Split.Plan(rules, order.Amount, order.Amount - quote.Fee, out var rejection);
        return rejection is { } refused
            ? (null, Refusal.Of(refused, $"The split of {order.MerchantOrderNo} cannot be made."))
            : (new(quote, shares, day), null);
    }

    // A repeat of an order that exists answers as before, whatever the merchant's terms have become.
    private async Task<PaymentOutcome> Refused(
        PaymentId id, PaymentOrder order, Refusal refusal, CancellationToken cancellation)
    {
        var payment = await Find(id, cancellation);
        return payment.Order switch
        {
            null => new(id, payment, refusal),
            { } known when known == order => new(id, payment, payment is Payment.Refused r ? ByRisk(r) : null),
            _ => new(id, payment, Refusal.Of(
                PaymentRejection.MerchantOrderNoReused, $"{order.MerchantOrderNo} was another order.")),
        };
    }

    private static Refusal ByRisk(Payment.Refused refused) =>
        Refusal.Of(PaymentRejection.PaymentRefusedByRisk, $"Refused by the rule {refused.Rule}.");

    private Task<Handled<Payment, PaymentEvent, PaymentRejection>> Handle(
        PaymentId id, PaymentCommand command, EventMetadata metadata, CancellationToken cancellation) =>
        desk.Handle(Aggregates.Payments, id.Value, command, metadata, cancellation);
}
