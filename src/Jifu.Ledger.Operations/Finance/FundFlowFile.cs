using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Journal;

namespace Jifu.Ledger.Operations.Finance;

/// <summary><c>fund-flow.csv</c>, the fund flow (资金流水): every journal line of the day, in the order of the
/// log.</summary>
internal static class FundFlowFile
{
    public const string Name = "fund-flow.csv";

    public static readonly string[] Headers =
    [
        "日志位置", "行号", "时间", "规则", "业务类型", "科目代码", "科目名称", "业务流", "币种", "借方金额", "贷方金额",
        "银行流水", "说明",
    ];

    public static async Task<Sums> Write(CsvTable sheet, IAsyncEnumerable<JournalRow> rows)
    {
        var sums = new Sums("debit_minor", "credit_minor");
        await foreach (var row in rows)
        {
            var (debit, credit) = (Math.Max(row.AmountMinor, 0), checked(-Math.Min(row.AmountMinor, 0)));
            sheet.Count(row.Position).Count(row.LineNo).Moment(row.RecordedAt).Text(row.Rule)
                .Text(Terms.Rule(row.Rule)).Text(row.Account).Text(Terms.Account(row.Account)).Text(row.Stream)
                .Text(row.Currency).Money(debit, row.Currency).Money(credit, row.Currency).Text(row.BankLine)
                .Text(row.Reason).EndRow();
            sums.Add(row.Currency, debit, credit);
        }

        sheet.Totals(sums, before: 7, after: 2);
        return sums;
    }
}
