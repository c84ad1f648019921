using System.Collections.Concurrent;

namespace Jifu.Ledger.Chaos.Load;

/// <summary>One order as its merchant's own books have it: what was asked for, and what was acknowledged.</summary>
internal sealed class Purchase(Street street, Merchant merchant, int number)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string _key = $"key-{number}";
    private int _tries;

    public Merchant Merchant => merchant;
    public string OrderNo => $"order-{number}";
    public long Amount => 100 + (number % 900);

    /// <summary>When the payment was acknowledged, by the clock of this machine.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>Known from the moment in which the payment was acknowledged.</summary>
    public string? PaymentId { get; private set; }

    /// <summary>The status that came with the acknowledgement.</summary>
    public string? Status { get; private set; }

    public bool RefundAcknowledged { get; private set; }

    /// <summary>How long each call took.</summary>
    public ConcurrentQueue<TimeSpan> Took { get; } = [];

    /// <summary>Every tenth goods come back.</summary>
    public bool WantsRefund => Status == "paid" && number % 10 == 0 && !RefundAcknowledged;

    /// <summary>True when the last call met nobody.</summary>
    public bool MetNobody { get; private set; }

    public bool Settled => PaymentId is not null && !WantsRefund;

    private object Order => new
    {
        merchant_order_no = OrderNo, amount = Amount, currency = "CNY", channel = "sandbox", product = "micropay",
        description = "咖啡", payer_code = "134567890123456789",
    };

    public async Task<Reply> Pay(string? key = null)
    {
        var reply = await street.SenderOf(number).Send(merchant.Signer, "POST", "/v1/payments", Order, key ?? _key);
        if (Understood(reply))
            (PaymentId, Status, At) = (reply["payment_id"], reply["status"], TimeProvider.System.GetUtcNow());
        return reply;
    }

    /// <summary>The request as it goes over the wire, for clients who do not wait for its end.</summary>
    public byte[] OnTheWire() => Sender.OnTheWire(merchant.Signer, "POST", "/v1/payments", Order, _key);

    /// <summary>What was acknowledged is gone by our own decision: an older moment was put back.</summary>
    public void Forget() => (PaymentId, Status, RefundAcknowledged) = (null, null, false);

    public async Task<Reply> Refund(string? key = null)
    {
        var reply = await street.SenderOf(number).Send(merchant.Signer, "POST", $"/v1/payments/{PaymentId}/refunds", new
        {
            refund_no = $"refund-{number}", amount = Amount / 2, currency = "CNY", reason = "退货",
        }, key ?? $"{_key}-r");
        RefundAcknowledged |= Understood(reply);
        At = TimeProvider.System.GetUtcNow();
        return reply;
    }

    /// <summary>Asks until it is acknowledged: first with the same key, then with others, for the key may be held by a
    /// process that is gone.</summary>
    /// <exception cref="InvalidOperationException">It never was.</exception>
    public async Task Insist()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!Settled)
        {
            var again = _tries++ == 0 ? "" : $"-again-{_tries}";
            var reply = PaymentId is null ? await Pay(_key + again) : await Refund($"{_key}-r{again}");
            if (reply.Ok)
                continue;
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new InvalidOperationException($"{OrderNo} was never acknowledged: {reply}");
            await Task.Delay(200);
        }
    }

    private bool Understood(Reply reply)
    {
        Took.Enqueue(reply.Took);
        MetNobody = reply.Status == 0;
        if (!reply.Ok && reply.Status is not (0 or 503 or 507) && reply["code"] != "request_in_progress")
            street.Strange.Add($"{OrderNo}: {reply}");
        return reply.Ok;
    }
}
