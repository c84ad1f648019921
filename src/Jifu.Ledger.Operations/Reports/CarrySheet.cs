using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>The workbook's sheet of what the cut-off moves between two days, line by line.</summary>
internal static class CarrySheet
{
    public const string Name = "跨日";
    public const string ChannelColumn = "A";
    public const string GapColumn = "G";

    private static readonly TableColumn[] Columns =
    [
        new("渠道", Width: 11), new("方向", Width: 10), new("先有的一方", Width: 12), new("类型", Width: 8),
        new("单号", Width: 32), new("币种", Width: 7), new("跨日金额", ColumnKind.Money), new("转出日", ColumnKind.Date),
        new("转入日", ColumnKind.Date), new("商户号", Width: 16), new("渠道流水号", Width: 34),
        new("时间", ColumnKind.Moment),
    ];

    public static void Write(WorkbookWriter book, ReconciliationReport report)
    {
        var table = book.Table(Name, Columns);
        foreach (var row in report.Carries)
        {
            table.Text(row.Channel).Text(row.IsOut ? "跨日转出" : "跨日转入")
                .Text(row.Side == "ours" ? "我方" : "渠道").Text(ReconciliationWorkbook.KindName(row.Kind))
                .Text(row.Number).Text(row.Currency).Money(row.GapMinor, row.Currency).Date(row.Day).Date(row.MetDay)
                .Text(row.Merchant).Text(row.Reference).Moment(row.At).EndRow();
        }

        table.Totals();
    }

    /// <summary>A column's rows, for a formula on another sheet.</summary>
    public static string Range(string column, ReconciliationReport report) =>
        $"{Name}!${column}$2:${column}${report.Carries.Count + 1}";
}
