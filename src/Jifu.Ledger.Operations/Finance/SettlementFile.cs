using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Settlements;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>What a day's batches cleared and what was ordered for it.</summary>
internal sealed record DaySettlement(
    IReadOnlyList<BatchRow> Batches, IReadOnlyList<ClearedRow> Cleared, IReadOnlyList<SettlementRow> Orders);

/// <summary><c>settlement.csv</c> (结算): each merchant's position in each batch of the day, with its settlement
/// order.</summary>
/// <remarks>How far the payout has come is left out: it goes on after the day is closed.</remarks>
internal static class SettlementFile
{
    public const string Name = "settlement.csv";

    public static readonly string[] Headers =
    [
        "批次号", "渠道", "结算周期", "轮次", "商户号", "支付笔数", "退款笔数", "结算单号", "收款账户", "币种",
        "支付金额", "退款金额", "手续费", "分账金额", "前期结转", "应付金额", "结转下期", "结算金额",
    ];

    public static Sums Write(CsvTable sheet, DaySettlement day)
    {
        var sums = new Sums(
            "gross_minor", "refunded_minor", "fees_minor", "splits_minor", "brought_minor", "payable_minor",
            "carried_minor", "ordered_minor");
        var batches = day.Batches.ToDictionary(batch => batch.BatchId, StringComparer.Ordinal);
        var orders = day.Orders.ToDictionary(order => (order.BatchId, order.MerchantId, order.Currency));
        foreach (var row in day.Cleared)
        {
            var batch = batches[row.BatchId];
            var order = orders.GetValueOrDefault((row.BatchId, row.MerchantId, row.Currency));
            sheet.Text(row.BatchId).Text(batch.Channel).Text(batch.Term).Count(batch.Run).Text(row.MerchantId)
                .Count(row.Payments).Count(row.Refunds).Text(order?.SettlementId).Text(order?.PayoutAccount)
                .Text(row.Currency);
            long[] amounts =
            [
                row.GrossMinor, row.RefundedMinor, row.FeesMinor, row.SplitsMinor, row.BroughtMinor, row.PayableMinor,
                row.CarriedMinor, order?.AmountMinor ?? 0,
            ];
            foreach (var amount in amounts)
                sheet.Money(amount, row.Currency);
            sheet.EndRow();
            sums.Add(row.Currency, amounts);
        }

        sheet.Totals(sums, before: 8, after: 0);
        return sums;
    }
}
