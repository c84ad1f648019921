using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Day;

/// <summary>Plays one order as a merchant and a payer would, until it has an end. Every step may be repeated.</summary>
internal sealed class OrderPlayer(IReadOnlyDictionary<string, ApiClient> merchants, ApiClient payers)
{
    private const int LooksMax = 150;

    /// <returns>The status in which the payment ended.</returns>
    public async Task<string> Play(PlannedOrder order, CancellationToken cancellation)
    {
        var merchant = merchants[order.Merchant.Id];
        var id = await Create(merchant, order, order.OrderNo, cancellation);
        if (order.IsRepeated && await Create(merchant, order, $"{order.OrderNo}-again", cancellation) != id)
            throw new CommandFailedException(ExitCodes.Wrong, $"{order.OrderNo} sent again made another payment.");

        if (order.Fate == OrderFate.PaidByScan)
            await payers.Post($"/sandbox/pay/{id}", null, null, cancellation);
        if (order.Fate == OrderFate.NeverPaid)
            (await merchant.Post($"/v1/payments/{id}/close", null, $"{order.OrderNo}-close", cancellation))
                .Must($"close {order.OrderNo}");

        var status = await End(merchant, id, order, cancellation);
        if (order.Fate == OrderFate.Cancelled)
        {
            var reply = await merchant.Post(
                $"/v1/payments/{id}/cancel", new { reason = "wrong amount" }, $"{order.OrderNo}-cancel", cancellation);

            // The afternoon's T+0 run may have been faster.
            if (reply.Code != "payment_already_cleared")
                reply.Must($"cancel {order.OrderNo}");
            status = await End(merchant, id, order, cancellation);
        }

        for (var i = 0; i < order.Refunds.Count; i++)
            await Refund(merchant, id, order, i, cancellation);
        return status;
    }

    private static async Task<string> Create(
        ApiClient merchant, PlannedOrder order, string key, CancellationToken cancellation)
    {
        var scanned = order.Fate is not (OrderFate.PaidByScan or OrderFate.NeverPaid);
        var reply = await merchant.Post("/v1/payments", new
        {
            merchant_order_no = order.OrderNo,
            amount = order.AmountMinor,
            currency = "CNY",
            channel = "sandbox",
            product = scanned ? "micropay" : "native",
            description = $"订单 {order.OrderNo}",
            payer_code = scanned ? CodeOf(order) : null,
        }, key, cancellation);
        return reply.Must($"pay {order.OrderNo}")["payment_id"]!.GetValue<string>();
    }

    private static string CodeOf(PlannedOrder order) => order.Fate switch
    {
        OrderFate.Refused => "sandbox:refuse",
        OrderFate.Silent => "sandbox:silent",
        OrderFate.Late => "sandbox:late",
        OrderFate.Twice => "sandbox:twice",
        _ => "134567890123456789",
    };

    // A merchant looks, and asks the channel through us when it has waited for a while.
    private static async Task<string> End(
        ApiClient merchant, string id, PlannedOrder order, CancellationToken cancellation)
    {
        for (var look = 1; look <= LooksMax; look++)
        {
            var reply = look % 25 == 0 || order.Fate == OrderFate.Silent
                ? await merchant.Post($"/v1/payments/{id}/refresh", null, null, cancellation)
                : await merchant.Get($"/v1/payments/{id}", cancellation);
            var status = reply.Must($"look up {order.OrderNo}")["status"]!.GetValue<string>();
            if (status is not ("pending" or "unknown" or "cancelling"))
                return status;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation);
        }

        throw new CommandFailedException(ExitCodes.Wrong, $"{order.OrderNo} ({order.Fate}) comes to no end.");
    }

    private static async Task Refund(
        ApiClient merchant, string id, PlannedOrder order, int index, CancellationToken cancellation)
    {
        var no = $"r{index + 1}";
        var reply = await merchant.Post($"/v1/payments/{id}/refunds", new
        {
            refund_no = no,
            amount = order.Refunds[index],
            currency = "CNY",
            reason = "顾客退货",
        }, $"{order.OrderNo}-{no}", cancellation);
        var status = reply.Must($"refund {order.OrderNo}")["status"]!.GetValue<string>();
        for (var look = 1; look <= LooksMax && status is not ("succeeded" or "failed"); look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation);
            status = (await merchant.Post($"/v1/payments/{id}/refunds/{no}/refresh", null, null, cancellation))
                .Must($"look up refund {no} of {order.OrderNo}")["status"]!.GetValue<string>();
        }

        if (status != "succeeded")
            throw new CommandFailedException(ExitCodes.Wrong, $"Refund {no} of {order.OrderNo} is {status}.");
    }
}
