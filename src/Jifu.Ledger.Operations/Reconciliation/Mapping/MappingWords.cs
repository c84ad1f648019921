using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Says to people which column is what.</summary>
public static class MappingWords
{
    /// <summary>A field as both languages name it: <c>number 单号</c>.</summary>
    public static string Name(string field) => field switch
    {
        "number" => "number 单号",
        "refund_number" => "refund_number 退款单号",
        "amount" => "amount 金额",
        "refunded" => "refunded 已退款金额",
        "kind" => "kind 类型",
        "fee" => "fee 手续费",
        "status" => "status 状态",
        "at" => "at 时间",
        "reference" => "reference 渠道流水号",
        "merchant" => "merchant 商户号",
        _ => field,
    };

    /// <summary>The columns that were read, each with what it was read as, in one line.</summary>
    public static string Columns(OrderMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        (string Field, string? Column)[] columns =
        [
            ("number", mapping.Number), ("refund_number", mapping.RefundNumber), ("kind", mapping.Kind),
            ("amount", mapping.Amount), ("refunded", mapping.Refunded), ("fee", mapping.Fee),
            ("status", mapping.Status), ("at", mapping.At), ("reference", mapping.Reference),
            ("merchant", mapping.Merchant),
        ];
        return string.Join(" · ", columns.Where(each => each.Column is not null)
            .Select(each => $"{Name(each.Field)} = {each.Column}"));
    }
}
