using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>What else is known about a difference when somebody looks at it.</summary>
/// <param name="OrderStatus">How our payment of that number stands: <c>pending</c>, <c>unknown</c>, <c>failed</c>;
/// null when we have none.</param>
/// <param name="OurTime">When our line happened, by the channel's clock; null when we have none.</param>
/// <param name="AgeDays">Days since the day of the bill.</param>
/// <param name="RefundStatus">How our refund of that number stands: <c>requested</c>, <c>unknown</c>, <c>failed</c>;
/// null when we have none.</param>
/// <param name="IsHeld">Somebody looks into it already (挂账).</param>
/// <param name="IsOfAnotherAmount">The channel has told us of our order itself that another amount was paid than was
/// ordered, and so does its bill.</param>
public sealed record DifferenceContext(
    string? OrderStatus, DateTimeOffset? OurTime, int AgeDays, string? RefundStatus = null, bool IsHeld = false,
    bool IsOfAnotherAmount = false)
{
    /// <summary>True while the success of our own order, refund or cancellation may still book what only the channel
    /// has: who is given it meanwhile has it twice.</summary>
    public bool Awaits(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Class == "only_at_channel" && LineKey.KindIn(finding.Key) switch
        {
            "payment" => OrderStatus is "created" or "pending" or "unknown",
            "revoke" => OrderStatus is "cancelling",
            "refund" => RefundStatus is "requested" or "unknown",
            _ => false,
        };
    }
}

/// <summary>What to do about a difference, with the reason. Advice: nothing happens by it.</summary>
/// <param name="Kind">Null: wait, it may close by itself.</param>
/// <param name="Code">The reason's stable name.</param>
/// <param name="Reason">The same for finance, in Chinese.</param>
public sealed record Suggestion(RemedyKind? Kind, string Code, string Reason)
{
    private const long RoundingMinor = 2;
    private const int PatienceDays = 3;

    /// <summary>For a difference that people have closed, and that our own success has booked once more.</summary>
    /// <param name="remedy">What they closed it by.</param>
    public static Suggestion BookedTwice(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        return remedy.To is { Kind: AccountKind.MerchantAvailable }
            ? new(
                null, "booked_twice_to_merchant",
                "人工处理后我方订单又已入账，商户得款两次：冲回人工处理，从商户可用余额收回，之后自动与我方入账冲销")
            : new(null, "booked_twice", "人工处理后我方订单、退款或撤销又已入账，款项记了两次：冲回人工处理，之后自动与我方入账冲销");
    }

    /// <summary>A pure function of the difference and what is known; the first row that fits.</summary>
    public static Suggestion For(OpenDifference difference, DifferenceContext known)
    {
        ArgumentNullException.ThrowIfNull(difference);
        ArgumentNullException.ThrowIfNull(known);
        var first = First(difference.Finding, difference.Left, known);
        return known.IsHeld && first.Kind is RemedyKind.Hold ? AfterHold(first.Code, difference.Left) : first;
    }

    // What ends a hold is what was to be found out by it.
    private static Suggestion AfterHold(string code, Money left) => code switch
    {
        "order_not_ours" => new(
            RemedyKind.Supplement, "held_order_not_ours", "已挂账：查明商户后补单（填商户号）；查不到商户的退给付款人"),
        "correction_reported" => new(
            RemedyKind.Adjust, "held_correction", "已挂账：向渠道问明金额后，按金额调账"),
        _ when left.IsPositive => new(
            RemedyKind.WriteOff, "held_too_much", "已挂账：查明归属后调账；渠道更正账单的自动冲销，确属无主的核销"),
        _ when left.MinorUnits < 0 => new(
            RemedyKind.WriteOff, "held_too_little", "已挂账：渠道补账的自动冲销；查明应由他方承担的调账，渠道确认不补的核销"),
        _ => new(RemedyKind.WriteOff, "held_no_money", "已挂账：不涉及金额，查明后核销"),
    };

    private static Suggestion First(Finding finding, Money left, DifferenceContext known) =>
        finding.Class switch
        {
            "only_at_channel" => AtChannel(finding, known),
            "only_with_us" => WithUs(finding.Channel, known),
            "fee_differs" or "amount_differs" when Math.Abs(left.MinorUnits) <= RoundingMinor =>
                new(RemedyKind.WriteOff, "rounding", "差额不超过 2 分，属尾差，可核销"),
            "fee_differs" => new(RemedyKind.Adjust, "fee_by_bill", "渠道按账单收取手续费，核对费率后调账到渠道成本"),
            "amount_differs" => IsGivenBack(finding) ? GivenBack(finding, left) : Paid(finding, left),
            "duplicate" when left.IsPositive && !IsGivenBack(finding) =>
                new(RemedyKind.Refund, "paid_twice", "渠道重复收款，应退给付款人"),
            "duplicate" => new(RemedyKind.Hold, "refunded_twice", "渠道重复退款，挂账并向渠道查证"),
            "status_differs" => new(RemedyKind.Hold, "status_open", "渠道状态与我方不同，挂账并向渠道查证"),
            "wrong_merchant" => new(RemedyKind.Hold, "other_merchant", "账单上的商户号不是我方订单的商户，挂账并向渠道查证"),
            "correction" => new(
                RemedyKind.Hold, "correction_reported", "渠道报来差错（退单、调账等），文件不说明资金方向：挂账查明，再按金额调账"),
            DifferenceClasses.SplitAtChannel => new(
                RemedyKind.Adjust, "split_by_channel",
                "渠道已直接分账给二级商户，不到我方账户：核对后调账到差异损益，应由商户承担的再向商户收取；每天都有的写成规则"),
            "cut_off" or "wrong_day" => new(null, "other_day", "双方记在不同日期，等待另一日账单"),
            _ => new(RemedyKind.Hold, "unexplained", "原因不明，挂账并查证"),
        };

    private static Suggestion Paid(Finding finding, Money left) =>
        left.IsPositive ? new(RemedyKind.Refund, "paid_too_much", "渠道多收，核实后把多收部分退给付款人")
        : IsOrderedAlike(finding) ? new(
            RemedyKind.Adjust, "merchant_coupon",
            "商户优惠：渠道账单订单金额与我方一致，差额为商户承担的优惠，调账到差异损益后向商户收取")
        : new(RemedyKind.Hold, "paid_too_little", "渠道少收，挂账并向渠道查证");

    // What the channel took back less than we did is never the payer's: he has been paid by the channel.
    private static Suggestion GivenBack(Finding finding, Money left) =>
        !left.IsPositive ? new(RemedyKind.Hold, "refunded_too_much", "渠道多退，挂账并向渠道查证")
        : IsOrderedAlike(finding) ? new(
            RemedyKind.Adjust, "merchant_coupon_refunded",
            "商户优惠：渠道账单申请退款金额与我方一致，差额为商户优惠随退款退回的部分，不退给付款人；"
                + "调账到差异损益，与收款时的优惠相抵，已向商户收取的还给商户")
        : new(RemedyKind.Hold, "refunded_too_little", "渠道扣回的退款少于我方，挂账并向渠道查证，不要再退给付款人");

    private static bool IsOrderedAlike(Finding finding) => finding.Ordered?.MinorUnits == finding.OursMinor;

    private static bool IsGivenBack(Finding finding) => LineKey.KindIn(finding.Key) is "refund" or "revoke";

    private static Suggestion AtChannel(Finding finding, DifferenceContext known) =>
        LineKey.KindIn(finding.Key) switch
        {
            "revoke" when known.Awaits(finding) => new(
                null, "cancel_under_way", "我方已申请撤销此单：等待撤销成功后自动冲销"),
            "revoke" when known.OrderStatus is "cancelled" => new(
                null, "cancel_has_succeeded", "我方撤销后来已成功，等待下一次对账自动冲销"),
            "refund" or "revoke" => GivenBackAtChannel(finding, known),
            _ => PaidAtChannel(finding, known),
        };

    private static Suggestion GivenBackAtChannel(Finding finding, DifferenceContext known) => known.RefundStatus switch
    {
        _ when known.Awaits(finding) => new(
            null, "refund_under_way", "我方已申请此退款，渠道已受理、尚未到账：等待退款成功后自动冲销"),
        "succeeded" => new(null, "refund_has_succeeded", "我方退款后来已成功，等待下一次对账自动冲销"),
        "failed" => new(
            RemedyKind.Hold, "refund_failed_later",
            "我方此退款后来失败：渠道应把款项退回账户（退款关闭），挂账；资金账单按退款单号列出退回的款项时自动冲销"),
        _ => new(RemedyKind.Hold, "refund_not_ours", "渠道有退款而我方没有，挂账并查明由谁发起"),
    };

    private static Suggestion PaidAtChannel(Finding finding, DifferenceContext known) => known.OrderStatus switch
    {
        _ when known.Awaits(finding) && known.IsOfAnotherAmount => new(
            RemedyKind.Refund, "order_of_another_amount",
            "渠道查询和账单的金额都与我方订单不同，订单不会成功：退给付款人，或填商户号补记给商户；审批通过时订单以失败结束"),
        _ when known.Awaits(finding) => new(
            RemedyKind.Supplement, "order_awaits_result",
            "我方有此订单而未收到支付结果，补单；渠道仍未确认时挂账等待，勿补记商户或退款"),
        "failed" or "closed" or "refused" =>
            new(RemedyKind.Refund, "order_is_over", "我方订单已失败或关闭，款项应退给付款人"),
        null => new(RemedyKind.Hold, "order_not_ours", "我方没有此订单：挂账查明商户，再补单或退款"),
        _ => new(null, "order_has_succeeded", "我方订单后来已成功，等待下一次对账自动冲销"),
    };

    private static Suggestion WithUs(Channel channel, DifferenceContext known) => known switch
    {
        { OurTime: { } at, AgeDays: <= 1 } when IsNearMidnight(channel, at) =>
            new(null, "near_midnight", "发生在零点前后，等待次日账单"),
        { AgeDays: < PatienceDays } => new(null, "bill_may_follow", "渠道可能在后续账单补上，等待三天"),
        _ => new(RemedyKind.Hold, "channel_lacks_it", "渠道多日没有此笔，挂账并向渠道查证"),
    };

    private static bool IsNearMidnight(Channel channel, DateTimeOffset at)
    {
        var (time, margin) = (at.ToOffset(BusinessDay.Offset).TimeOfDay, LedgerDay.MarginOf(channel));
        return time < margin || time >= TimeSpan.FromDays(1) - margin;
    }
}
