using Dapper;
using Jifu.Ledger.Channels.Sandbox;
using Jifu.Ledger.Channels.Simulator.Notices;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Channels.Simulator.Payments;

/// <summary>The channel's counter for payments: takes them, has them paid, closes and revokes them.</summary>
internal sealed class PaymentCounter(SandboxDatabase database, NoticeQueue notices)
{
    /// <summary>Takes an order. The same order again is answered with how it stands.</summary>
    /// <param name="payUrl">Where payers pay; the payment's id is added to it.</param>
    public async Task<Outcome> Pay(SandboxPayRequest order, string payUrl, CancellationToken cancellation)
    {
        if (order is not { Amount: > 0, Currency: "CNY" })
            return Outcome.Refused("amount_invalid", "Only positive amounts of CNY can be paid here.");
        if (!Enum.GetValues<PaymentProduct>().Any(p => p != default && SnakeCase.Of($"{p}") == order.Product))
            return Outcome.Refused("product_not_supported", $"No product {order.Product}.");

        var outcome = await database.Trade(moment => Pay(moment, order, payUrl), cancellation);
        notices.Ring();
        return outcome;
    }

    public Task<Outcome> Query(string paymentId, string payUrl, CancellationToken cancellation) =>
        OnPayment(paymentId, (_, payment) => Answer(payment, payUrl), cancellation);

    /// <summary>Closes it if nobody paid it yet; else answers how it stands.</summary>
    public Task<Outcome> Close(string paymentId, CancellationToken cancellation) =>
        OnPayment(paymentId, Close, cancellation);

    /// <summary>Undoes it on its own day. One that nobody paid is closed.</summary>
    public Task<Outcome> Revoke(string paymentId, CancellationToken cancellation) =>
        OnPayment(paymentId, async (moment, payment) => payment switch
        {
            { State: "paid", Refunded: > 0 } =>
                Outcome.Refused("payment_refunded", "What was refunded cannot be revoked."),
            { State: "paid" } when BusinessDay.Of(payment.PaidAt!.Value) != moment.Day =>
                Outcome.Refused("revoke_day_over", "It can be revoked only on its own day."),
            { State: "paid" } => await Revoke(moment, payment),
            _ => await Close(moment, payment),
        }, cancellation);

    /// <summary>The payer pays, with a phone of their own.</summary>
    public async Task<Outcome> PaidByPayer(string paymentId, CancellationToken cancellation)
    {
        var outcome = await OnPayment(paymentId, async (moment, payment) => payment.State switch
        {
            "accepted" => await TakeMoney(moment, payment),
            "paid" => new(payment.Result("")),
            _ => Outcome.Refused("payment_not_payable", $"It is {payment.State}."),
        }, cancellation);
        notices.Ring();
        return outcome;
    }

    private async Task<Outcome> Pay(SandboxMoment moment, SandboxPayRequest order, string payUrl)
    {
        var behaviour = order.Product == "micropay"
            ? Behaviours.In(order.PayerCode, order.Description)
            : Behaviours.In(order.Description);
        if (await Insert(moment, order, behaviour) is not { } payment)
        {
            var known = (await PaymentRow.FindForUpdate(moment, order.PaymentId))!;
            return known.Amount == order.Amount && known.Product == order.Product
                ? await Answer(known, payUrl)
                : Outcome.Refused("payment_id_reused", $"{order.PaymentId} was another order.");
        }

        if (payment.State != "paid")
            return new(payment.Result(payUrl + payment.PaymentId), behaviour == Behaviour.Silent);
        if (behaviour is Behaviour.Late or Behaviour.Twice)
            await notices.Add(moment, behaviour, Notice(payment));
        return behaviour == Behaviour.Late
            ? new(new("accepted", Credential: payUrl + payment.PaymentId))
            : new(payment.Result(""), behaviour == Behaviour.Silent);
    }

    /// <summary>Null when it is there already.</summary>
    private static Task<PaymentRow?> Insert(SandboxMoment moment, SandboxPayRequest order, Behaviour behaviour)
    {
        var state = behaviour == Behaviour.Refuse ? "refused" : order.Product == "micropay" ? "paid" : "accepted";
        return moment.Connection.QuerySingleOrDefaultAsync<PaymentRow>(
            $"""
            INSERT INTO sandbox.payment (
                payment_id, reference, product, description, payer_id, amount, cost, behaviour, state, paid_at)
            VALUES (
                @PaymentId, '4200' || @DayDigits || lpad(nextval('sandbox.reference_no')::text, 16, '0'),
                @Product, @Description, @PayerId, @Amount, @cost, @behaviour, @state, @paidAt)
            ON CONFLICT (payment_id) DO NOTHING
            RETURNING {PaymentRow.Columns}
            """,
            new
            {
                order.PaymentId, order.Product, order.Description, order.PayerId, order.Amount,
                cost = Sandbox.Terms.CostRate.RoundedOf(new(order.Amount, Currency.CNY)).MinorUnits,
                behaviour = behaviour.Name(),
                state,
                paidAt = state == "paid" ? moment.Now : (DateTime?)null,
                moment.DayDigits,
            });
    }

    private async Task<Outcome> TakeMoney(SandboxMoment moment, PaymentRow payment)
    {
        var paid = payment with { State = "paid", PaidAt = moment.Now };
        await moment.Connection.ExecuteAsync(
            "UPDATE sandbox.payment SET state = 'paid', paid_at = @PaidAt WHERE payment_id = @PaymentId", paid);
        await notices.Add(moment, paid.Behaves, Notice(paid));
        return new(paid.Result(""));
    }

    private static async Task<Outcome> Close(SandboxMoment moment, PaymentRow payment)
    {
        if (payment.State != "accepted")
            return new(payment.Result(""));
        await moment.Connection.ExecuteAsync(
            "UPDATE sandbox.payment SET state = 'closed' WHERE payment_id = @PaymentId", payment);
        return new(new("closed"));
    }

    private static async Task<Outcome> Revoke(SandboxMoment moment, PaymentRow payment)
    {
        var revoked = payment with { State = "revoked", RevokedAt = moment.Now };
        await moment.Connection.ExecuteAsync(
            """
            UPDATE sandbox.payment SET state = 'revoked', revoked_at = @RevokedAt, cost_returned = cost
            WHERE payment_id = @PaymentId
            """,
            revoked);
        return new(revoked.Result(""));
    }

    private Task<Outcome> OnPayment(
        string paymentId, Func<SandboxMoment, PaymentRow, Task<Outcome>> work, CancellationToken cancellation) =>
        database.Trade(
            async moment => await PaymentRow.FindForUpdate(moment, paymentId) is { } payment
                ? await work(moment, payment)
                : Outcome.NotFound,
            cancellation);

    private static Task<Outcome> Answer(PaymentRow payment, string payUrl) =>
        Task.FromResult(new Outcome(payment.Result(payUrl + payment.PaymentId)));

    private static SandboxNotice Notice(PaymentRow paid) =>
        new($"n{paid.Reference}", paid.PaymentId, paid.Result(""));
}
