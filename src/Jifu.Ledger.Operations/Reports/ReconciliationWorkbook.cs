using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>A reconciliation as one Excel workbook: a summary that ties out, the differences, what the cut-off moves,
/// both raw sides, and sums by channel and merchant.</summary>
/// <remarks>Written as a stream: memory grows with the number of differences and merchants, not of rows.</remarks>
public static class ReconciliationWorkbook
{
    internal const string DifferencesSheet = "差异";

    private static readonly TableColumn[] LineColumns =
    [
        new("渠道", Width: 12), new("类型", Width: 10), new("商户订单号/退款单号", Width: 34), new("渠道流水号", Width: 34),
        new("币种", Width: 8), new("金额", ColumnKind.Money), new("手续费", ColumnKind.Money), new("状态", Width: 14),
        new("时间", ColumnKind.Moment), new("商户号", Width: 16), new("行号", ColumnKind.Number, Summed: false),
    ];

    /// <param name="at">The time that the file's parts carry; the same report at the same time has the same
    /// bytes.</param>
    public static async Task Write(
        Stream stream, ReconciliationReport report, DateTimeOffset at, CancellationToken cancellation)
    {
        using var book = new WorkbookWriter(stream, at);
        SummarySheet.Write(book, report);
        var differences = book.Table(DifferencesSheet, DifferenceTable.Columns(report));
        DifferenceTable.Write(differences, report);
        differences.Totals();
        if (report.Carries.Count > 0)
            CarrySheet.Write(book, report);
        if (report.LeftOut.Any(reason => reason.Listed.Count > 0))
            LeftOutSheet.Write(book, report);
        var groups = new ReportGroups();
        groups.Add(report.Sums);
        groups.Add(report.Carries);
        if (report.Theirs is { } theirs)
            await WriteLines(book.Table("渠道账单", LineColumns), theirs(cancellation), groups.AddTheirs);
        if (report.Ours is { } ours)
            await WriteLines(book.Table("我方订单", LineColumns), ours(cancellation), groups.AddOurs);
        groups.Write(book, withSides: report.Theirs is not null && report.Ours is not null);
    }

    private static async Task WriteLines(
        SheetTable table, IAsyncEnumerable<ReportLine> lines, Action<ReportLine> also)
    {
        await foreach (var line in lines)
        {
            table.Text(line.Channel).Text(KindName(line.Kind)).Text(line.Number).Text(line.Reference)
                .Text(line.Currency).Money(line.AmountMinor, line.Currency);
            _ = line.FeeMinor is { } fee ? table.Money(fee, line.Currency) : table.Blank();
            table.Text(line.IsCarried ? CarrySheet.Name : line.Status ?? "").Moment(line.At).Text(line.Merchant);
            _ = line.LineNo is { } number ? table.Count(number) : table.Blank();
            table.EndRow();
            also(line);
        }
    }

    internal static string KindName(BillLineKind kind) => kind switch
    {
        BillLineKind.Payment => "支付",
        BillLineKind.Refund => "退款",
        BillLineKind.Revoke => "撤销",
        _ => "",
    };
}
