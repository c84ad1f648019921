using System.Text;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Where a trade bill of the layout ALL has its columns, by their headings: all of them, in any order, and no
/// others.</summary>
internal sealed class BillScanColumns
{
    public const string TotalsLine =
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

    private static readonly string[] Headings =
    [
        "交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号", "用户标识", "交易类型",
        "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额", "微信退款单号", "商户退款单号", "退款金额",
        "充值券退款金额", "退款类型", "退款状态", "商品名称", "商户数据包", "手续费", "费率", "订单金额", "申请退款金额",
        "费率备注",
    ];

    private BillScanColumns(List<string> headings)
    {
        Count = headings.Count;
        (Time, Merchant, SubMerchant) = (Place("交易时间"), Place("商户号"), Place("特约商户号"));
        (Transaction, Order) = (Place("微信订单号"), Place("商户订单号"));
        (State, Currency) = (Place("交易状态"), Place("货币种类"));
        (Settled, Coupon) = (Place("应结订单金额"), Place("代金券金额"));
        (Refund, RefundNumber) = (Place("微信退款单号"), Place("商户退款单号"));
        (RefundAmount, CouponRefund) = (Place("退款金额"), Place("充值券退款金额"));
        (RefundState, Fee) = (Place("退款状态"), Place("手续费"));
        (Ordered, RequestedRefund) = (Place("订单金额"), Place("申请退款金额"));

        int Place(string heading) => headings.IndexOf(heading);
    }

    public int Count { get; }
    public int Time { get; }
    public int Merchant { get; }
    public int SubMerchant { get; }
    public int Transaction { get; }
    public int Order { get; }
    public int State { get; }
    public int Currency { get; }
    public int Settled { get; }
    public int Coupon { get; }
    public int Refund { get; }
    public int RefundNumber { get; }
    public int RefundAmount { get; }
    public int CouponRefund { get; }
    public int RefundState { get; }
    public int Fee { get; }
    public int Ordered { get; }
    public int RequestedRefund { get; }

    /// <summary>Null when the line has other headings.</summary>
    public static BillScanColumns? TryRead(ReadOnlySpan<byte> line)
    {
        if (line is [0xEF, 0xBB, 0xBF, ..])
            line = line[3..];
        var headings = Encoding.UTF8.GetString(line).TrimEnd('\n').TrimEnd('\r').Split(',').ToList();
        // The last one, which nobody needs, ends otherwise than the others.
        return headings.Order().SequenceEqual(Headings.Order()) && headings[^1] == Headings[^1] ? new(headings) : null;
    }
}
