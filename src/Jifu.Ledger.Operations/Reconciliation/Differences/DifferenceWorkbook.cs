using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>The differences that need somebody as an Excel workbook, to be filled in (<see cref="DifferenceForm"/>).
/// </summary>
public static class DifferenceWorkbook
{
    private static readonly (string, string)[] Help =
    [
        ("处理", "补单、调账、退款、挂账、核销，下拉框列出本行可选的；留空或选等待表示不处理"),
        ("调入科目", "调账时填写，如 channel_cost:wechatpay、fee_income、difference_result:wechatpay"),
        ("商户号", "补单而我方没有订单时填写：款项记入该商户"),
        ("责任人", "挂账时填写"),
        ("到期日", "挂账时填写，如 2026-11-30"),
        ("退款单号", "退款时可填写，留空则自动生成；渠道账单以此单号显示退款"),
        ("处理原因", "必填"),
        ("差错金额", "差错调账时填写：渠道因此多付为正，扣回为负，如 -12.00"),
        ("版本", "请勿修改：差异在下载之后有变化的，上传时会被拒绝"),
        ("发现位置", "请勿修改：账单更正后差异重新发现的，上传时会被拒绝"),
    ];

    /// <param name="day">Today's business day: ages count from it, and the file bears its time.</param>
    public static void Write(Stream stream, IEnumerable<DifferenceLifeRow> rows, BusinessDay day)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var workbook = new WorkbookWriter(stream, day.Start);
        using (var table = workbook.Table("差异", DifferenceForm.Columns))
            DifferenceForm.Write(table, rows, day);

        using var page = workbook.Page("填写说明", 14, 90);
        page.Title("填写说明");
        page.Headings(2, "列", "怎么填");
        foreach (var (column, how) in Help)
        {
            page.Text(column).Text(how);
            page.EndRow();
        }
    }

    /// <summary>The rows with an action, from the first sheet.</summary>
    /// <param name="blank">How many rows have none.</param>
    /// <exception cref="WorkbookRejectedException">It is no such workbook, or too long.</exception>
    public static IReadOnlyList<FilledRow> Read(Stream stream, string file, out int blank)
    {
        using var workbook = new WorkbookReader(stream, file);
        var filled = DifferenceForm.Read(
            workbook.Rows().Select(row => new FormRow(
                row.Cells, column => $"sheet {row.Sheet}, cell {row.NameOf(column)}",
                expected => row.Rejected(0, expected))),
            out var without);
        blank = without ?? throw new WorkbookRejectedException(file, "", "", "a row of headings is expected");
        return filled;
    }
}
