using System.Text.RegularExpressions;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>What systems call the columns of their order exports.</summary>
internal static partial class HeadingWords
{
    public static readonly string[] Number =
    [
        "商户订单号", "商户单号", "支付单号", "支付订单号", "平台订单号", "outtradeno", "merchantorderno", "订单编号", "订单号",
        "orderno", "orderid", "ordernumber", "paymentid", "交易单号", "number", "order", "单号",
    ];

    public static readonly string[] Amount =
    [
        "实付金额", "实收金额", "支付金额", "付款金额", "交易金额", "订单金额", "paidamount", "payamount", "tradeamount",
        "orderamount", "totalamount", "amount", "金额", "total", "实付", "实收",
    ];

    /// <summary>How much of an order was refunded.</summary>
    public static readonly string[] Refunded =
    [
        "退款金额", "已退款金额", "已退金额", "退款总额", "累计退款", "已退款", "退款额", "退货金额", "refundamount", "refundedamount",
        "amountrefunded", "totalrefunded", "refundedtotal", "refundtotal", "refunded",
    ];

    public static readonly string[] Fee =
    [
        "渠道手续费", "通道手续费", "手续费", "服务费", "费用", "费", "channelfee", "transactionfee", "handlingfee", "servicefee",
        "feeamount", "fee", "fees", "commission", "cost", "渠道成本", "通道成本", "佣金", "charge", "扣费",
    ];

    public static readonly string[] Kind =
    [
        "业务类型", "交易类型", "订单类型", "收支类型", "类型", "kind", "type", "tradetype", "businesstype", "ordertype",
        "transactiontype", "收退", "收支", "收付", "收支方向", "资金方向", "单据类型",
    ];

    public static readonly string[] Status =
        ["支付状态", "交易状态", "订单状态", "付款状态", "状态", "status", "state", "paystatus", "orderstatus"];

    /// <summary>Parts of headings of what is done with goods and papers, never with a payment.</summary>
    public static readonly string[] OfGoods =
    [
        "发货", "物流", "配送", "收货", "快递", "评价", "发票", "开票", "核销", "shipping", "shipment", "shipstat", "deliver", "fulfil",
        "logistic", "invoice", "review",
    ];

    /// <summary>Parts of headings of what is done with refunds.</summary>
    public static readonly string[] OfRefunds = ["退款", "退货", "售后", "refund", "return", "aftersale"];

    public static readonly string[] At =
    [
        "支付时间", "付款时间", "支付完成时间", "交易时间", "完成时间", "成功时间", "paidat", "paytime", "paidtime", "successtime",
        "tradetime", "transactiontime", "finishedat", "时间", "日期", "at", "time", "date", "下单时间", "创建时间",
        "createdat", "createtime",
    ];

    public static readonly string[] Reference =
    [
        "微信订单号", "微信支付单号", "支付宝交易号", "渠道订单号", "渠道流水号", "渠道单号", "第三方流水号", "第三方单号", "流水号",
        "transactionid", "channelreference", "channelno", "reference", "tradeno", "支付流水号",
    ];

    public static readonly string[] Merchant =
        ["渠道商户号", "特约商户号", "商户号", "mchid", "submchid", "merchantid", "merchantno", "merchant", "mid"];

    /// <summary>In which currency the amounts are.</summary>
    public static readonly string[] Currency =
        ["币种", "币别", "货币", "货币种类", "货币类型", "currency", "ccy", "currencycode"];

    /// <summary>Of fields that never tell payments from refunds.</summary>
    public static readonly string[][] OfOthers = [Number, Amount, Fee, At, Reference, Merchant];

    /// <summary>How well a heading fits: 0 not at all, more for words that stand earlier and are the whole of
    /// it.</summary>
    public static int Rank(string heading, string[] words)
    {
        var plain = Plain(heading);
        for (var i = 0; i < words.Length; i++)
            if (plain == words[i])
                return 200 - i;
        for (var i = 0; i < words.Length; i++)
            if (words[i].Length >= (words[i][0] < 0x80 ? 5 : 2) && plain.Contains(words[i], StringComparison.Ordinal))
                return 100 - i;
        return 0;
    }

    /// <summary>Whether a heading has one of some parts in it.</summary>
    public static bool Has(string heading, string[] parts) =>
        Plain(heading) is var plain && parts.Any(part => plain.Contains(part, StringComparison.Ordinal));

    /// <summary>Whether a heading is one of the words, and not only has one in it.</summary>
    public static bool Is(string heading, string[] words) => Rank(heading, words) > 100;

    /// <summary>What a heading says of the unit; null when nothing.</summary>
    public static bool? SaysFen(string heading) => FenWords.IsMatch(heading) ? true
        : YuanWords.IsMatch(heading) ? false : null;

    private static string Plain(string heading) =>
        Decoration.Replace(heading.Normalize(System.Text.NormalizationForm.FormKC), "").ToLowerInvariant();

    [GeneratedRegex(@"\(.*?\)|\[.*?\]|[\s_\-./:#*]")]
    private static partial Regex Decoration { get; }

    [GeneratedRegex(@"分\s*[)）\]]|_fen$|_minor$|cents?$|单位[:：]?分", RegexOptions.IgnoreCase)]
    private static partial Regex FenWords { get; }

    [GeneratedRegex(@"元\s*[)）\]]|_yuan$|单位[:：]?元|yuan", RegexOptions.IgnoreCase)]
    private static partial Regex YuanWords { get; }
}
