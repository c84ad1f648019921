using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Payments;

namespace Jifu.Ledger.Operations.Finance;

/// <summary><c>orders.csv</c>, the order bill (订单账单): each success, refund and cancellation of the day.</summary>
internal static class OrdersFile
{
    public const string Name = "orders.csv";

    public static readonly string[] Headers =
    [
        "商户号", "商户订单号", "支付单号", "退款单号", "渠道", "渠道单号", "渠道退款单号", "类型", "时间", "币种",
        "支付金额", "退款金额", "手续费", "分账金额", "渠道成本", "商户净额", "日志位置",
    ];

    public static async Task<Sums> Write(CsvTable sheet, IAsyncEnumerable<OrderBillRow> rows)
    {
        var sums = new Sums("paid_minor", "refunded_minor", "fee_minor", "split_minor", "cost_minor", "net_minor");
        await foreach (var row in rows)
        {
            var (paid, refunded) = row.Kind == "payment" ? (row.AmountMinor, 0L) : (0L, row.AmountMinor);
            var net = checked(paid - refunded - row.FeeMinor - row.SplitMinor);
            sheet.Text(row.MerchantId).Text(row.MerchantOrderNo).Text(row.PaymentId).Text(row.RefundNo)
                .Text(row.Channel).Text(row.ChannelReference).Text(row.ChannelRefundReference)
                .Text(Terms.Order(row.Kind)).Moment(row.At).Text(row.Currency)
                .Money(paid, row.Currency).Money(refunded, row.Currency).Money(row.FeeMinor, row.Currency)
                .Money(row.SplitMinor, row.Currency).Money(row.CostMinor, row.Currency).Money(net, row.Currency)
                .Count(row.Position).EndRow();
            sums.Add(row.Currency, paid, refunded, row.FeeMinor, row.SplitMinor, row.CostMinor, net);
        }

        sheet.Totals(sums, before: 8, after: 1);
        return sums;
    }
}
