namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>What a row of a trade bill says happened (交易状态): <c>SUCCESS</c>, <c>REFUND</c>, <c>REVOKED</c>.</summary>
public enum TradeState
{
    None = 0,
    Success = 1,
    Refund = 2,
    Revoked = 3,
}

/// <summary>One row of WeChat Pay's trade bill (交易账单), column by column; all amounts are CNY, all times Beijing time.
/// </summary>
/// <remarks>Null stands for what the file writes as <c>0</c>, an empty text for an empty cell.
/// Line breaks and back-quotes cannot stand in the file: see <see cref="TradeBillWriter"/>.</remarks>
public sealed record TradeBillRow
{
    /// <summary>交易时间: when it was paid; in a row of a refund of the ALL bill, when the refund began.</summary>
    public required DateTimeOffset TradeTime { get; init; }

    /// <summary>公众账号ID.</summary>
    public required string AppId { get; init; }

    /// <summary>商户号: our number with the channel.</summary>
    public required string MerchantNumber { get; init; }

    /// <summary>特约商户号.</summary>
    public string? SubMerchantNumber { get; init; }

    /// <summary>设备号.</summary>
    public string Device { get; init; } = "";

    /// <summary>微信订单号: the channel's reference of the payment.</summary>
    public required string TransactionId { get; init; }

    /// <summary>商户订单号: our <see cref="PaymentId"/>.</summary>
    public required string OutTradeNo { get; init; }

    /// <summary>用户标识.</summary>
    public string UserId { get; init; } = "";

    /// <summary>交易类型: <c>NATIVE</c>, <c>JSAPI</c>, <c>MICROPAY</c> …</summary>
    public required string TradeType { get; init; }

    /// <summary>交易状态.</summary>
    public required TradeState TradeState { get; init; }

    /// <summary>付款银行.</summary>
    public string Bank { get; init; } = "OTHERS";

    /// <summary>货币种类: the currency of every amount of the row.</summary>
    public Currency Currency => SettledAmount.Currency;

    /// <summary>应结订单金额 (formerly 总金额): what the channel owes us for a payment, before its fee; zero in a row of a
    /// refund.</summary>
    public Money SettledAmount { get; init; } = Money.Zero(Currency.CNY);

    /// <summary>代金券金额.</summary>
    public Money CouponAmount { get; init; } = Money.Zero(Currency.CNY);

    /// <summary>微信退款单号: the channel's reference of the refund.</summary>
    public string? RefundId { get; init; }

    /// <summary>商户退款单号: our refund number, see <see cref="ChannelNumbers"/>.</summary>
    public string? OutRefundNo { get; init; }

    /// <summary>退款金额: what the channel takes back for a refund, positive.</summary>
    public Money RefundAmount { get; init; } = Money.Zero(Currency.CNY);

    /// <summary>充值券退款金额.</summary>
    public Money CouponRefundAmount { get; init; } = Money.Zero(Currency.CNY);

    /// <summary>退款类型: <c>ORIGINAL</c> …</summary>
    public string RefundType { get; init; } = "";

    /// <summary>退款状态 when the bill was made, and never after: <c>SUCCESS</c>, <c>PROCESSING</c>, <c>FAIL</c>.</summary>
    public string RefundState { get; init; } = "";

    /// <summary>商品名称.</summary>
    public string Product { get; init; } = "";

    /// <summary>商户数据包.</summary>
    public string Attach { get; init; } = "";

    /// <summary>手续费 in hundred-thousandths of a yuan, as exact as the file: positive when charged, negative when
    /// returned with a refund.</summary>
    public long FeeHundredThousandths { get; init; }

    /// <summary>费率, as written: <c>0.60%</c>.</summary>
    public string Rate { get; init; } = "";

    /// <summary>订单金额: what the payer owed, coupons included.</summary>
    public Money OrderAmount { get; init; } = Money.Zero(Currency.CNY);

    /// <summary>申请退款金额: what was asked back, coupons included.</summary>
    public Money RequestedRefundAmount { get; init; } = Money.Zero(Currency.CNY);

    /// <summary>费率备注.</summary>
    public string RateNote { get; init; } = "";

    /// <summary>退款申请时间: only in the REFUND bill.</summary>
    public DateTimeOffset? RefundRequestedAt { get; init; }

    /// <summary>退款成功时间: only in the REFUND bill, whose trade time is that of the payment.</summary>
    public DateTimeOffset? RefundSucceededAt { get; init; }

    /// <summary>When the money moved, in the bill of a day; null stands for any.</summary>
    /// <remarks>A refund to a bank card takes days. It is listed on the day on which it began; a bill that holds it by
    /// its success is taken, too.</remarks>
    public DateTimeOffset At(BusinessDay? day) => RefundSucceededAt is { } succeeded
        && RefundRequestedAt is { } requested && BusinessDay.Of(requested) != day && BusinessDay.Of(succeeded) == day
        ? succeeded
        : RefundRequestedAt ?? RefundSucceededAt ?? TradeTime;
}
