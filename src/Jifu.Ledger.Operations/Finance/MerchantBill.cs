using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels.Payments;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>A merchant's bill of a business day (商户对账单): each payment, refund, cancellation and share, with what was
/// taken and given back, as a CSV that Excel opens as it was meant.</summary>
public sealed class MerchantBill(OrderBillQueries orders, ClearingRun clearing)
{
    private static readonly string[] Headers =
    [
        "商户订单号", "支付单号", "退款单号", "渠道", "渠道单号", "渠道退款单号", "类型", "时间", "币种", "支付金额",
        "退款金额", "手续费", "分账金额", "净额",
    ];

    /// <summary>What a merchant's bill is called.</summary>
    public static string NameOf(MerchantId merchant, BusinessDay day) => $"jifu_{merchant}_{day}_orders_v1.csv";

    /// <summary>Writes the bill; the refusal <c>bill_day_not_over</c>, with nothing written, while the day can still
    /// change.</summary>
    public async Task<Refusal?> Write(
        MerchantId merchant, BusinessDay day, Stream stream, CancellationToken cancellation)
    {
        if (day > clearing.LastOver)
            return Refusal.Of(ReconciliationRejection.BillDayNotOver, $"{day} is not over.");
        var sums = new Sums("paid_minor", "refunded_minor", "fee_minor", "split_minor", "net_minor");
        using var sheet = FinanceTables.Open(stream, Headers);
        await foreach (var row in orders.Lines(day, merchant, cancellation))
        {
            var (paid, refunded) = row.Kind == "payment" ? (row.AmountMinor, 0L) : (0L, row.AmountMinor);
            var net = checked(paid - refunded - row.FeeMinor - row.SplitMinor);
            sheet.Text(row.MerchantOrderNo).Text(row.PaymentId).Text(row.RefundNo).Text(row.Channel)
                .Text(row.ChannelReference).Text(row.ChannelRefundReference).Text(Terms.Order(row.Kind)).Moment(row.At)
                .Text(row.Currency).Money(paid, row.Currency).Money(refunded, row.Currency)
                .Money(row.FeeMinor, row.Currency).Money(row.SplitMinor, row.Currency).Money(net, row.Currency)
                .EndRow();
            sums.Add(row.Currency, paid, refunded, row.FeeMinor, row.SplitMinor, net);
        }

        sheet.Totals(sums, before: 7, after: 0);
        return null;
    }
}
