using System.Globalization;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>The workbook's first sheet: both sides of each channel, how one net follows from the other, and the
/// differences by class. Each figure that follows from others is a formula with its value beside it.</summary>
internal static class SummarySheet
{
    private const int LinesTold = 20;

    public static void Write(WorkbookWriter book, ReconciliationReport report)
    {
        using var page = book.Page("汇总", 40, 20, 20, 20, 14);
        page.Title(report.Title);
        foreach (var note in report.Notes)
            page.Note(note);
        if (report.IsCut)
            page.Note($"差异共 {report.DifferenceCount} 条，本表只列前 {report.Differences.Count} 条，"
                + $"全部见 {report.AllDifferences}；合计包括全部。");
        if (report.RowsLeftOut.Length > 0)
            page.Note(report.RowsLeftOut);
        foreach (var channel in report.Channels)
            Channel(page, report, channel);
        Classes(page, report);
        if (report.LeftOut.Count > 0)
            LeftOut(page, report);
    }

    private static void LeftOut(SheetPage page, ReconciliationReport report)
    {
        page.EndRow();
        page.Headings(1, "我方未参加对账的行", "行数", "行号");
        foreach (var reason in report.LeftOut)
            page.Text($"{reason.Chinese} {reason.English}").Count(reason.Rows).Text(reason.Lines(LinesTold)).EndRow();
        page.Text("合计").Count(report.LeftOut.Sum(reason => reason.Rows)).Text($"逐行见“{LeftOutSheet.Name}”").EndRow();
    }

    private static void Channel(SheetPage page, ReconciliationReport report, ReportChannel of)
    {
        page.EndRow();
        page.Headings(
            1, $"{ReportTerms.Channel(of.Channel)} {of.Channel}（{of.Currency}）", "渠道账单", "我方", "差（渠道−我方）");
        Counts(page, "笔数", of.Theirs.Rows, of.Ours.Rows);
        Counts(page, "支付笔数", of.Theirs.PaymentRows, of.Ours.PaymentRows);
        Counts(page, "退款笔数", of.Theirs.RefundRows, of.Ours.RefundRows);
        var paid = Amounts(page, of, "支付金额", side => side.PaidMinor);
        Amounts(page, of, "退款金额", side => side.RefundedMinor);
        Amounts(page, of, "手续费", side => side.FeeMinor);
        var (theirs, ours) = Nets(page, of, paid);
        Tie(page, report, of, theirs, ours);
    }

    private static void Counts(SheetPage page, string what, long theirs, long ours)
    {
        page.Text(what).Count(theirs).Count(ours).Count(theirs - ours).EndRow();
    }

    // Returns its row.
    private static int Amounts(SheetPage page, ReportChannel of, string what, Func<ReportSide, long> amount)
    {
        var (theirs, ours) = (amount(of.Theirs), amount(of.Ours));
        page.Text(what);
        var row = Row(page);
        page.Money(theirs, of.Currency).Money(ours, of.Currency)
            .Money(theirs - ours, of.Currency, $"B{row}-C{row}").EndRow();
        return row;
    }

    private static (string Theirs, string Ours) Nets(SheetPage page, ReportChannel of, int paid)
    {
        page.Text("净额 = 支付 − 退款 − 手续费");
        var theirs = page.NextCell;
        page.Money(of.Theirs.NetMinor, of.Currency, $"B{paid}-B{paid + 1}-B{paid + 2}");
        var ours = page.NextCell;
        page.Money(of.Ours.NetMinor, of.Currency, $"C{paid}-C{paid + 1}-C{paid + 2}");
        page.Money(of.Theirs.NetMinor - of.Ours.NetMinor, of.Currency, $"{theirs}-{ours}").EndRow();
        return (theirs, ours);
    }

    private static void Tie(
        SheetPage page, ReconciliationReport report, ReportChannel of, string theirs, string ours)
    {
        page.EndRow();
        page.Headings(1, "平衡关系", "公式", "数值");
        var first = Line(page, of, "我方净额", of.Ours.NetMinor, ours);
        Line(page, of, "＋ 差异合计", of.ExcessMinor, ExcessFormula(report, of));
        Line(page, of, "＋ 跨日（转出－转入）", of.CarriedMinor, CarriedFormula(report, of));
        if (of.ToleratedMinor != 0)
            Line(page, of, "＋ 容差内", of.ToleratedMinor, null);
        if (of.LaterMinor != 0)
            Line(page, of, "＋ 对账之后才入账的", of.LaterMinor, null);
        if (of.UntoldFeeMinor != 0)
            Line(page, of, "－ 手续费（我方未提供，按账单计）", of.UntoldFeeMinor, null);
        var last = Row(page);
        var sum = Line(page, of, "＝ 应等于渠道净额", of.ExplainedMinor, $"SUM(B{first}:B{last - 1})");
        var net = Line(page, of, "渠道净额", of.Theirs.NetMinor, theirs);
        page.Text("差").Money(of.Theirs.NetMinor - of.ExplainedMinor, of.Currency, $"B{net}-B{sum}")
            .Money(of.Theirs.NetMinor - of.ExplainedMinor, of.Currency)
            .Verdict(of.Ties, of.Ties ? "一致" : "不一致").EndRow();
    }

    // Returns its row.
    private static int Line(SheetPage page, ReportChannel of, string what, long minor, string? formula)
    {
        var row = Row(page);
        page.Text(what).Money(minor, of.Currency, formula).Money(minor, of.Currency).EndRow();
        return row;
    }

    // A list that stops early, or goes on on another sheet, cannot be summed up; then the number stands alone.
    private static string? ExcessFormula(ReconciliationReport report, ReportChannel of) => IsWholeSheet(report)
        ? $"SUMIFS({Range(DifferenceTable.ExcessColumn, report)},"
            + $"{Range(DifferenceTable.ChannelColumn, report)},\"{of.Channel}\")"
        : null;

    private static bool IsWholeSheet(ReconciliationReport report) =>
        !report.IsCut && report.Differences.Count is > 0 and < SheetTable.RowsMax;

    private static string? CarriedFormula(ReconciliationReport report, ReportChannel of) =>
        report.Carries.Count is 0 or >= SheetTable.RowsMax
        ? null
        : $"SUMIFS({CarrySheet.Range(CarrySheet.GapColumn, report)},"
            + $"{CarrySheet.Range(CarrySheet.ChannelColumn, report)},\"{of.Channel}\")";

    private static void Classes(SheetPage page, ReconciliationReport report)
    {
        page.EndRow();
        page.Headings(2, "差异分类", "代码", "笔数", "差额");
        foreach (var group in report.Sums.GroupBy(sum => (sum.Class, sum.Currency))
            .OrderBy(group => ReportTerms.Colour(group.Key.Class)))
        {
            var code = $"\"{group.Key.Class}\"";
            var classes = Range(DifferenceTable.ClassColumn, report);
            page.Text(ReportTerms.Both(group.Key.Class)).Text(group.Key.Class).Count(group.Sum(sum => sum.Count))
                .Money(group.Sum(sum => sum.ExcessMinor), group.Key.Currency, IsWholeSheet(report)
                    ? $"SUMIFS({Range(DifferenceTable.ExcessColumn, report)},{classes},{code},"
                        + $"{Range(DifferenceTable.CurrencyColumn, report)},\"{group.Key.Currency}\")"
                    : null).EndRow();
        }

        page.Text("合计").Blank().Count(report.DifferenceCount);
        if (report.DifferenceCount == 0)
            page.Blank().Verdict(true, "没有差异");
        page.EndRow();
    }

    private static string Range(string column, ReconciliationReport report) =>
        $"{ReconciliationWorkbook.DifferencesSheet}!${column}$2:${column}${report.Differences.Count + 1}";

    private static int Row(SheetPage page) =>
        int.Parse(page.NextCell.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
}
