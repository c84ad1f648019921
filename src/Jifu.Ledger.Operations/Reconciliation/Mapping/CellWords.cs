using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>What words in a cell mean: a kind of row, or that it is done.</summary>
internal static class CellWords
{
    private static readonly string[] Revoke = ["撤销", "冲正", "revoke", "reverse", "reversal", "void"];
    private static readonly string[] Refund = ["退款", "退货", "逆向", "refund", "return"];
    private static readonly string[] Payment =
    [
        "支付", "付款", "收款", "消费", "交易", "购买", "订单", "正向", "payment", "pay", "sale", "charge", "purchase",
        "success",
    ];

    private static readonly string[] Undone =
    [
        "失败", "未", "待", "中", "关闭", "取消", "超时", "fail", "clos", "pend", "unpaid", "process", "cancel", "wait",
        "notpay", "expire", "reject", "created", "init", "void",
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
    public static bool? IsDone(string word) => Has(word, Undone) ? false : Has(word, Done) ? true : null;

    private static bool Has(string word, string[] parts) =>
        parts.Any(part => word.Contains(part, StringComparison.OrdinalIgnoreCase));
}
