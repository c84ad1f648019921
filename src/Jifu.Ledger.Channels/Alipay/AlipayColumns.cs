using System.Collections.Frozen;

namespace Jifu.Ledger.Channels.Alipay;

/// <summary>A column of the business detail (业务明细) that we read.</summary>
internal enum AlipayTradeColumn
{
    TradeNo, OutTradeNo, Kind, FinishedAt, Received, RefundRequestNo, ServiceFee, OrderAmount, Share,
}

/// <summary>A column of the summary (业务汇总) that we read.</summary>
internal enum AlipaySummaryColumn
{
    Store, Payments, Refunds, OrderAmount, Received, AlipayDiscount, MerchantDiscount, CardAmount, ServiceFee, Share,
    Net,
}

/// <summary>A column of the account detail (账务明细) that we read.</summary>
internal enum AlipayFlowColumn
{
    FlowNumber, BusinessNumber, OutTradeNo, At, Income, Expense, Balance, BusinessType, Remark,
}

/// <summary>A column of the account summary (账务汇总) that we read.</summary>
internal enum AlipayFlowSummaryColumn
{
    Type, IncomeRows, Income, ExpenseRows, Expense,
}

/// <summary>The headings of Alipay's bills, with brackets of ASCII.</summary>
internal static class AlipayColumns
{
    public static readonly FrozenDictionary<string, AlipayTradeColumn> Trade = Named<AlipayTradeColumn>(
        "支付宝交易号", "商户订单号", "业务类型", "完成时间", "商家实收(元)", "退款批次号/请求号", "服务费(元)",
        "订单金额(元)", "分润(元)");

    public static readonly FrozenDictionary<string, AlipaySummaryColumn> Summary = Named<AlipaySummaryColumn>(
        "门店编号", "交易订单总笔数", "退款订单总笔数", "订单金额(元)", "商家实收(元)", "支付宝优惠(元)", "商家优惠(元)",
        "卡消费金额(元)", "服务费(元)", "分润(元)", "实收净额(元)");

    // In this order: what is missing is asked for by the usual one of two names.
    public static readonly IReadOnlyDictionary<string, AlipayFlowColumn> Flow =
        new Dictionary<string, AlipayFlowColumn>(Named<AlipayFlowColumn>(
            "账务流水号", "业务流水号", "商户订单号", "发生时间", "收入金额(+元)", "支出金额(-元)", "账户余额(元)", "业务类型",
            "备注"))
        {
            ["收入金额"] = AlipayFlowColumn.Income,
            ["支出金额"] = AlipayFlowColumn.Expense,
        };

    public static readonly FrozenDictionary<string, AlipayFlowSummaryColumn> FlowSummary =
        Named<AlipayFlowSummaryColumn>("类型", "收入笔数", "收入金额(+元)", "支出笔数", "支出金额(-元)");

    private static FrozenDictionary<string, THeading> Named<THeading>(params string[] names)
        where THeading : struct, Enum =>
        names.Zip(Enum.GetValues<THeading>()).ToFrozenDictionary(pair => pair.First, pair => pair.Second);
}
