namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>A column of a trade bill; the first 27 stand in the order of the ALL bill.</summary>
internal enum TradeBillColumn
{
    TradeTime, AppId, MerchantNumber, SubMerchantNumber, Device, TransactionId, OutTradeNo, UserId, TradeType,
    TradeState, Bank, Currency, SettledAmount, CouponAmount, RefundId, OutRefundNo, RefundAmount,
    CouponRefundAmount, RefundType, RefundState, Product, Attach, Fee, Rate, OrderAmount, RequestedRefundAmount,
    RateNote, RefundRequestedAt, RefundSucceededAt,
}

/// <summary>A sum in the last line of a trade bill.</summary>
internal enum TradeBillTotal
{
    Rows, Settled, Refunded, CouponRefunded, Fee, Ordered, RequestedRefund,
}

/// <summary>The headings of WeChat Pay's trade bills, as the files write them.</summary>
internal static class TradeBillColumns
{
    /// <summary>The ALL bill: payments, refunds and revocations of a day.</summary>
    public static readonly string[] All =
    [
        "交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号", "用户标识", "交易类型",
        "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额", "微信退款单号", "商户退款单号", "退款金额",
        "充值券退款金额", "退款类型", "退款状态", "商品名称", "商户数据包", "手续费", "费率", "订单金额", "申请退款金额",
        "费率备注",
    ];

    /// <summary>The line of totals that ends every bill.</summary>
    public static readonly string[] Totals =
    [
        "总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额", "手续费总金额", "订单总金额", "申请退款总金额",
    ];

    /// <summary>Each heading that any bill, new or old, has for a column.</summary>
    public static readonly Dictionary<string, TradeBillColumn> Known = MakeKnown();

    /// <summary>Each heading that any bill, new or old, has for a total.</summary>
    public static readonly Dictionary<string, TradeBillTotal> KnownTotals = MakeKnownTotals();

    // By plain loops: what is generic over enums is compiled first, and this runs before any bill is read.
    private static Dictionary<string, TradeBillColumn> MakeKnown()
    {
        var known = new Dictionary<string, TradeBillColumn>(StringComparer.Ordinal)
        {
            ["退款申请时间"] = TradeBillColumn.RefundRequestedAt,
            ["退款成功时间"] = TradeBillColumn.RefundSucceededAt,
            ["子商户号"] = TradeBillColumn.SubMerchantNumber,
            ["总金额"] = TradeBillColumn.SettledAmount,
            ["代金券或立减优惠金额"] = TradeBillColumn.CouponAmount,
            ["企业红包金额"] = TradeBillColumn.CouponAmount,
            ["代金券或立减优惠退款金额"] = TradeBillColumn.CouponRefundAmount,
            ["企业红包退款金额"] = TradeBillColumn.CouponRefundAmount,
        };
        for (var place = 0; place < All.Length; place++)
            known.Add(All[place], (TradeBillColumn)place);
        return known;
    }

    private static Dictionary<string, TradeBillTotal> MakeKnownTotals()
    {
        var known = new Dictionary<string, TradeBillTotal>(StringComparer.Ordinal)
        {
            ["总交易额"] = TradeBillTotal.Settled,
            ["总退款金额"] = TradeBillTotal.Refunded,
            ["总代金券或立减优惠退款金额"] = TradeBillTotal.CouponRefunded,
            ["总企业红包退款金额"] = TradeBillTotal.CouponRefunded,
        };
        for (var place = 0; place < Totals.Length; place++)
            known.Add(Totals[place], (TradeBillTotal)place);
        return known;
    }
}
