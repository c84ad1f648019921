using System.Collections.Frozen;

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
    public static readonly FrozenDictionary<string, TradeBillColumn> Known = All
        .Select((name, index) => KeyValuePair.Create(name, (TradeBillColumn)index))
        .Concat(
        [
            new("退款申请时间", TradeBillColumn.RefundRequestedAt),
            new("退款成功时间", TradeBillColumn.RefundSucceededAt),
            new("子商户号", TradeBillColumn.SubMerchantNumber),
            new("总金额", TradeBillColumn.SettledAmount),
            new("代金券或立减优惠金额", TradeBillColumn.CouponAmount),
            new("企业红包金额", TradeBillColumn.CouponAmount),
            new("代金券或立减优惠退款金额", TradeBillColumn.CouponRefundAmount),
            new("企业红包退款金额", TradeBillColumn.CouponRefundAmount),
        ])
        .ToFrozenDictionary();

    /// <summary>Each heading that any bill, new or old, has for a total.</summary>
    public static readonly FrozenDictionary<string, TradeBillTotal> KnownTotals = Totals
        .Select((name, index) => KeyValuePair.Create(name, (TradeBillTotal)index))
        .Concat(
        [
            new("总交易额", TradeBillTotal.Settled),
            new("总退款金额", TradeBillTotal.Refunded),
            new("总代金券或立减优惠退款金额", TradeBillTotal.CouponRefunded),
            new("总企业红包退款金额", TradeBillTotal.CouponRefunded),
        ])
        .ToFrozenDictionary();
}
