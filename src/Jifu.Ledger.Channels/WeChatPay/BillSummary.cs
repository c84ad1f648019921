namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>What a trade bill's rows sum up to, as its own last line says too; amounts are CNY.</summary>
/// <param name="Rows">总交易单数.</param>
/// <param name="Settled">应结订单总金额: all payments.</param>
/// <param name="Refunded">退款总金额, positive.</param>
/// <param name="CouponRefunded">充值券退款总金额.</param>
/// <param name="FeeHundredThousandths">手续费总金额 in hundred-thousandths of a yuan, exact; what was charged less what
/// was returned.</param>
/// <param name="Ordered">订单总金额.</param>
/// <param name="RequestedRefund">申请退款总金额.</param>
public sealed record BillSummary(
    int Rows, Money Settled, Money Refunded, Money CouponRefunded, long FeeHundredThousandths, Money Ordered,
    Money RequestedRefund)
{
    internal static BillSummary Of(TradeBillTotals totals)
    {
        return new(
            (int)totals[TradeBillTotal.Rows], Cny(TradeBillTotal.Settled), Cny(TradeBillTotal.Refunded),
            Cny(TradeBillTotal.CouponRefunded), (long)totals[TradeBillTotal.Fee], Cny(TradeBillTotal.Ordered),
            Cny(TradeBillTotal.RequestedRefund));

        Money Cny(TradeBillTotal total) => new((long)totals[total], Currency.CNY);
    }
}
