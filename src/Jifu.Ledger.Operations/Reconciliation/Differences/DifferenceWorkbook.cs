using System.Globalization;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>One row that somebody has filled in.</summary>
/// <param name="Wrong">Fields that cannot be understood, with what is expected there.</param>
/// <param name="CellOf">Where a field of the form, <c>difference</c> or <c>version</c> stands: <c>sheet 差异, cell
/// W5</c>.</param>
public sealed record FilledRow(
    DifferenceId Difference, int Version, RemedyForm Form, string Reason,
    IReadOnlyList<(string Field, string Expected)> Wrong, Func<string, string> CellOf);

/// <summary>The differences that need somebody as an Excel workbook: what is known on the left, what to fill in on the
/// right.</summary>
/// <remarks>Headings decide, not places: columns may be moved, hidden and added. A row without an action says
/// nothing.</remarks>
public static class DifferenceWorkbook
{
    private const int RowsMax = 20_000;

    private static readonly (string Name, string Heading)[] Filled =
    [
        ("action", "处理"), ("account", "调入科目"), ("merchant", "商户号"), ("owner", "责任人"), ("due", "到期日"),
        ("refund_number", "退款单号"), ("reason", "处理原因"),
    ];

    private static readonly (string Name, string Heading)[] Known = [("difference", "差异编号"), ("version", "版本")];

    private static readonly TableColumn[] Columns =
    [
        new("差异编号", Width: 24), new("版本", ColumnKind.Number), new("账单日", ColumnKind.Date), new("渠道"),
        new("分类代码"), new("分类"), new("业务键", Width: 42), new("字段", Width: 10), new("渠道方"), new("我方"),
        new("币种", Width: 8), new("差额", ColumnKind.Money), new("账龄（天）", ColumnKind.Number), new("状态"),
        new("建议处理"), new("建议原因", Width: 46), .. Filled.Select(column => new TableColumn(column.Heading)),
    ];

    /// <param name="day">Today's business day: ages count from it, and the file bears its time.</param>
    public static void Write(Stream stream, IEnumerable<DifferenceLifeRow> rows, BusinessDay day)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var workbook = new WorkbookWriter(stream, day.Start);
        using (var table = workbook.Table("差异", Columns))
        {
            foreach (var row in rows)
                Write(table, row, day);
        }

        using var page = workbook.Page("填写说明", 14, 90);
        page.Title("填写说明");
        page.Headings(2, "列", "怎么填");
        foreach (var (column, how) in Help)
        {
            page.Text(column).Text(how);
            page.EndRow();
        }
    }

    private static readonly (string, string)[] Help =
    [
        ("处理", "补单、调账、退款、挂账、核销；留空表示不处理"),
        ("调入科目", "调账时填写，如 channel_cost:wechatpay、fee_income、difference_result:wechatpay"),
        ("商户号", "补单而我方没有订单时填写：款项记入该商户"),
        ("责任人", "挂账时填写"),
        ("到期日", "挂账时填写，如 2026-11-30"),
        ("退款单号", "退款时可填写，留空则自动生成；渠道账单以此单号显示退款"),
        ("处理原因", "必填"),
        ("版本", "请勿修改：差异在下载之后有变化的，上传时会被拒绝"),
    ];

    private static void Write(SheetTable table, DifferenceLifeRow row, BusinessDay day)
    {
        var age = day.Date.DayNumber - row.Day.Date.DayNumber;
        var advice = Suggestion.For(row.Open, new(row.OrderStatus, row.OurTime, age));
        table.Text(row.DifferenceId).Count(row.Version).Date(row.Day).Text(row.Channel).Text(row.Class)
            .Text(Terms.Difference(row.Class)).Text(row.Key).Text(row.Field).Text(row.Theirs).Text(row.Ours)
            .Text(row.Currency).Money(row.LeftMinor, row.Currency).Count(age).Text(Status(row.Status))
            .Text(advice.Kind is { } kind ? RemedyForm.ChineseOf(kind) : "等待").Text(advice.Reason)
            .Blank(Filled.Length).EndRow();
    }

    internal static string Status(string status) => status switch
    {
        "open" => "未处理",
        "proposed" => "待审批",
        "carrying_out" => "补单中",
        "held" => "挂账",
        "closed" => "已结",
        "undone" => "已撤回",
        _ => status,
    };

    /// <summary>The rows with an action, from the first sheet.</summary>
    /// <param name="blank">How many rows have none.</param>
    /// <exception cref="WorkbookRejectedException">It is no such workbook, or too long.</exception>
    public static IReadOnlyList<FilledRow> Read(Stream stream, string file, out int blank)
    {
        using var workbook = new WorkbookReader(stream, file);
        var filled = new List<FilledRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string, int>? places = null;
        blank = 0;
        foreach (var row in workbook.Rows())
        {
            if (places is null)
            {
                places = Places(row);
                continue;
            }

            if (row.IsBlank)
                continue;
            if (row[places["action"]].Trim().Length == 0)
            {
                blank++;
                continue;
            }

            if (filled.Count == RowsMax)
                throw row.Rejected(0, $"at most {RowsMax} rows with an action are expected");
            filled.Add(Read(row, places, seen));
        }

        return places is null
            ? throw new WorkbookRejectedException(file, "", "", "a row of headings is expected")
            : filled;
    }

    private static FilledRow Read(WorkbookRow row, Dictionary<string, int> places, HashSet<string> seen)
    {
        string Cell(string name) => row[places[name]].Trim();

        var (id, reason) = (Cell("difference"), Cell("reason"));
        var wrong = new List<(string, string)>();
        if (id.Length == 0)
            wrong.Add(("difference", "the difference's id is expected"));
        else if (!seen.Add(id))
            wrong.Add(("difference", $"{id} once is expected, and stands in an earlier row too"));
        if (!int.TryParse(Cell("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            wrong.Add(("version", "the version is expected as it was downloaded"));
        if (reason.Length is 0 or > 200)
            wrong.Add(("reason", "a reason of 1 to 200 characters is expected"));
        return new(
            new(id), version,
            new(
                Cell("action"), Cell("account"), Cell("merchant"), Cell("owner"), Cell("due"), Cell("refund_number")),
            reason, wrong,
            name => $"sheet {row.Sheet}, cell {row.NameOf(places.GetValueOrDefault(name, places["action"]))}");
    }

    private static Dictionary<string, int> Places(WorkbookRow headings)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, heading) in Known.Concat(Filled))
        {
            var at = headings.Cells.Index().Where(cell => cell.Item.Trim() == heading).ToList();
            if (at is not [var (place, _)])
                throw headings.Rejected(0, $"one column called {heading} is expected");
            places.Add(name, place);
        }

        return places;
    }
}
