using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Finance;

/// <summary><c>differences-open.csv</c> (未结差异): what was in suspense at the end of the day, whichever day found
/// it.</summary>
internal static class OpenDifferencesFile
{
    public const string Name = "differences-open.csv";

    public static readonly string[] Headers =
        ["差异编号", "渠道", "账单日", "分类代码", "分类", "业务键", "字段", "账龄（天）", "币种", "余额"];

    public static Sums Write(CsvTable sheet, BusinessDay day, IReadOnlyList<DifferenceLifeRow> open)
    {
        var sums = new Sums("left_minor");
        foreach (var row in open)
        {
            sheet.Text(row.DifferenceId).Text(row.Channel).Date(row.Day).Text(row.Class)
                .Text(Terms.Difference(row.Class)).Text(row.Key).Text(row.Field)
                .Count(day.Date.DayNumber - row.Day.Date.DayNumber).Text(row.Currency)
                .Money(row.LeftMinor, row.Currency).EndRow();
            sums.Add(row.Currency, row.LeftMinor);
        }

        sheet.Totals(sums, before: 7, after: 0);
        return sums;
    }
}
