using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>The workbook's sheet of the orders that were not compared, row by row, with the reason.</summary>
internal static class LeftOutSheet
{
    public const string Name = "未参加对账";

    private static readonly TableColumn[] Columns =
    [
        new("原因", Width: 16), new("类型", Width: 8), new("单号", Width: 34), new("币种", Width: 7),
        new("金额", ColumnKind.Money), new("状态", Width: 14), new("时间", ColumnKind.Moment),
        new("商户号", Width: 16), new("行号", ColumnKind.Number, Summed: false),
    ];

    public static void Write(WorkbookWriter book, ReconciliationReport report)
    {
        var table = book.Table(Name, Columns);
        foreach (var reason in report.LeftOut)
        {
            foreach (var line in reason.Listed)
            {
                table.Text(reason.Chinese).Text(ReconciliationWorkbook.KindName(line.Kind)).Text(line.Number)
                    .Text(line.Currency).Money(line.AmountMinor, line.Currency).Text(line.Status ?? "")
                    .Moment(line.At).Text(line.Merchant);
                _ = line.LineNo is { } number ? table.Count(number) : table.Blank();
                table.EndRow();
            }
        }
    }
}
