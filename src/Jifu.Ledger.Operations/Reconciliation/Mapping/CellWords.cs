using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>What words in a cell mean: a kind of row, or that it is done.</summary>
internal static class CellWords
{
    private static readonly string[] Revoke = ["撤销", "冲正", "revoke", "reverse", "reversal", "void"];
    private static readonly string[] Refund = ["退款", "退货", "逆向", "refund", "return"];
    private static readonly string[] Payment =
    [
        "支付", "付款", "收款", "消费", "交易", "购买", "订单", "正向", "销售", "零售", "payment", "pay", "sale", "charge",
        "purchase", "success",
    ];

    private static readonly string[] Undone =
    [
        "失败", "未", "待", "中", "关闭", "取消", "超时", "fail", "clos", "pend", "unpaid", "process", "cancel", "wait",
        "notpay", "expire", "reject", "created", "init", "void",
    ];

    // A payment whose refund is asked for or has failed was made, a refund of that word was not; what shops are still
    // to send was paid, what channels still process was not. The bill knows.
    private static readonly string[] Either = ["退款", "售后", "refund", "processing", "holded", "on-hold", "on hold"];

    // Who waits for goods has paid.
    private static readonly string[] Paid =
    [
        "待发货", "待收货", "待评价", "待自提", "待提货", "待取货", "待核销", "待使用", "待消费", "未发货", "未核销", "未使用", "已付款", "已支付",
        "卖家发货", "买家确认", "备货中", "配货中", "配送中", "发货中", "运输中", "awaiting shipment", "awaiting fulfillment",
    ];

    private static readonly string[] Done =
    [
        "成功", "已支付", "已付款", "已完成", "完成", "已退款", "部分退款", "退款", "已发货", "已收货", "已结算", "succe", "paid",
        "finish", "complete", "settled", "refund", "ok", "done",
    ];

    /// <summary>None for a word that is not known.</summary>
    public static BillLineKind Kind(string word) => Has(word, Revoke) ? BillLineKind.Revoke
        : Has(word, Refund) ? BillLineKind.Refund
        : Has(word, Payment) ? BillLineKind.Payment
        : BillLineKind.None;

    /// <summary>Null for a word that is not known.</summary>
    public static bool? IsDone(string word) => Has(word, Paid) ? true
        : Has(word, Undone) ? false
        : Has(word, Done) ? true
        : null;

    /// <summary>Whether it depends on the row what a word means that seems to say that it is not done.</summary>
    public static bool IsEither(string word) => IsDone(word) is false && Has(word, Either);

    private static bool Has(string word, string[] parts) =>
        parts.Any(part => word.Contains(part, StringComparison.OrdinalIgnoreCase));
}
