using System.Globalization;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>One row that somebody has filled in.</summary>
/// <param name="Wrong">Fields that cannot be understood, with what is expected there.</param>
/// <param name="Shown">What it shows of the difference, by <see cref="ShownFields"/>.</param>
/// <param name="CellOf">Where a field of the form, <c>difference</c>, <c>version</c> or <c>found</c> stands:
/// <c>sheet 差异, cell W5</c>, or <c>line 5, column W (处理)</c>.</param>
public sealed record FilledRow(
    DifferenceId Difference, DifferenceSeen Seen, RemedyForm Form, string Reason,
    IReadOnlyList<(string Field, string Expected)> Wrong, IReadOnlyDictionary<string, string> Shown,
    Func<string, string> CellOf);

/// <summary>A row of somebody's table, from whichever kind of file.</summary>
/// <param name="PlaceOf">What people call one of its cells.</param>
/// <param name="Rejected">For a row that is none of this form.</param>
internal sealed record FormRow(
    IReadOnlyList<string> Cells, Func<int, string> PlaceOf, Func<string, Exception> Rejected)
{
    public string this[int column] => column < Cells.Count ? Cells[column].Trim() : "";

    public bool IsBlank => Cells.All(string.IsNullOrWhiteSpace);
}

/// <summary>The differences that need somebody as a table: what is known on the left, what to fill in on the
/// right.</summary>
/// <remarks>Headings decide, not places: columns may be moved, hidden and added. A row without an action says
/// nothing.</remarks>
internal static class DifferenceForm
{
    private const int RowsMax = 20_000;

    // Files that were downloaded before they were there do without.
    private const string Amount = "amount", Found = "found";

    private static readonly (string Name, string Heading)[] Filled =
    [
        ("action", "处理"), ("account", "调入科目"), ("merchant", "商户号"), ("owner", "责任人"), ("due", "到期日"),
        ("refund_number", "退款单号"), ("reason", "处理原因"), (Amount, "差错金额"),
    ];

    // What closes by itself may be left alone in so many words.
    private const string WaitWord = "等待", WaitCode = "wait";

    private const string FoundHeading = "发现位置";

    // Excel saves a number to a CSV file as it shows it: 12,345.
    private const NumberStyles Whole = NumberStyles.AllowThousands;

    private static readonly (string Name, string Heading)[] Needed =
        [("difference", "差异编号"), ("version", "版本"), .. Filled, (Found, FoundHeading)];

    public static readonly IReadOnlyList<TableColumn> Columns =
    [
        new("差异编号", Width: 24), new("版本", ColumnKind.Number), new("账单日", ColumnKind.Date), new("渠道"),
        new("分类代码"), new("分类"), new("业务键", Width: 42), new("字段", Width: 10), new("渠道方"), new("我方"),
        new("渠道金额", ColumnKind.Money), new("我方金额", ColumnKind.Money),
        new("币种", Width: 8), new("差额", ColumnKind.Money), new("账龄（天）", ColumnKind.Number), new("状态"),
        new("建议处理"), new("建议原因", Width: 46), .. Filled.Select(column => new TableColumn(column.Heading)),
        new(FoundHeading, ColumnKind.Number),
    ];

    /// <summary>The same columns as programs call them.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "difference", "version", "day", "channel", "class", "class_name", "key", "field", "theirs", "ours",
        "theirs_minor", "ours_minor", "currency", "left", "age_days", "status", "suggestion", "suggestion_reason",
        .. Filled.Select(column => column.Name), Found,
    ];

    /// <param name="day">Today's business day: ages count from it.</param>
    /// <param name="isForPrograms">Codes instead of words, where there are codes.</param>
    public static void Write(
        ITable table, IEnumerable<DifferenceLifeRow> rows, BusinessDay day, bool isForPrograms = false)
    {
        foreach (var row in rows)
        {
            var age = day.Date.DayNumber - row.Day.Date.DayNumber;
            var open = row.Open;
            var advice = Suggestion.For(open, row.Context(age));
            var (code, word) = advice.Kind is { } kind
                ? (SnakeCase.Of($"{kind}"), RemedyForm.ChineseOf(kind))
                : (WaitCode, WaitWord);
            table.Text(row.DifferenceId).Count(row.Version).Date(row.Day).Text(row.Channel).Text(row.Class)
                .Text(Terms.Difference(row.Class)).Text(row.Key).Text(row.Field).Text(row.Theirs).Text(row.Ours);
            table.Amount(row.Theirs, row.Currency, isForPrograms).Amount(row.Ours, row.Currency, isForPrograms)
                .Text(row.Currency).Money(open.Left.MinorUnits, row.Currency).Count(age)
                .Text(isForPrograms ? row.Status : StatusWord(row.Status))
                .Text(isForPrograms ? code : word)
                .Text(isForPrograms ? advice.Code : advice.Reason)
                .ToChoose(Offered(row, open, advice, age)).ToFillIn(Filled.Length - 1)
                .Count(row.FoundPosition).EndRow();
        }
    }

    // While a proposal waits for another person nothing else can be proposed.
    private static List<string> Offered(
        DifferenceLifeRow row, OpenDifference open, Suggestion advice, int age) =>
        row.Proposal is not null || row.Status == "carrying_out"
            ? []
            : [
                .. advice.Kind is null ? new[] { WaitWord } : [],
                .. Remedy.Possible(open, row.Context(age)).Select(RemedyForm.ChineseOf),
            ];

    public static string StatusWord(string status) => status switch
    {
        "open" => "未处理",
        "proposed" => "待审批",
        "carrying_out" => "补单中",
        "held" => "挂账",
        "closed" => "已结",
        "undone" => "已撤回",
        _ => status,
    };

    /// <summary>The rows with an action other than to wait.</summary>
    /// <param name="rows">The first is the headings, as people or as programs call them.</param>
    /// <param name="blank">How many rows have none; null when there are no headings.</param>
    public static IReadOnlyList<FilledRow> Read(IEnumerable<FormRow> rows, out int? blank)
    {
        var filled = new List<FilledRow>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string, int>? places = null;
        blank = null;
        foreach (var row in rows)
        {
            if (places is null)
                (places, blank) = (Places(row), 0);
            else if (row.IsBlank)
                continue;
            else if (row[places["action"]] is "" or WaitWord or WaitCode)
                blank++;
            else if (filled.Count == RowsMax)
                throw row.Rejected($"at most {RowsMax} rows with an action are expected");
            else
                filled.Add(Read(row, places, seen));
        }

        return filled;
    }

    private static FilledRow Read(FormRow row, Dictionary<string, int> places, HashSet<string> seen)
    {
        string Cell(string name) => places.TryGetValue(name, out var place) ? row[place] : "";

        var (id, reason) = (Cell("difference"), Cell("reason"));
        var wrong = new List<(string, string)>();
        if (id.Length == 0)
            wrong.Add(("difference", "the difference's id is expected"));
        else if (!seen.Add(id))
            wrong.Add(("difference", $"{id} once is expected, and stands in an earlier row too"));
        if (!int.TryParse(Cell("version"), Whole, CultureInfo.InvariantCulture, out var version))
            wrong.Add(("version", "the version is expected as it was downloaded"));
        var found = 0L;
        if (Cell(Found).Length > 0
            && !long.TryParse(Cell(Found), Whole, CultureInfo.InvariantCulture, out found))
            wrong.Add((Found, "the place is expected as it was downloaded"));
        if (reason.Length is 0 or > 200)
            wrong.Add(("reason", "a reason of 1 to 200 characters is expected"));
        return new(
            new(id), new(version, found == 0 ? null : found),
            new(
                Cell("action"), Cell("account"), Cell("merchant"), Cell("owner"), Cell("due"), Cell("refund_number"),
                Cell(Amount)),
            reason, wrong,
            ShownFields.Columns.ToDictionary(column => column.Name, column => Cell(column.Name)),
            name => row.PlaceOf(places.GetValueOrDefault(name, places["action"])));
    }

    private static Dictionary<string, int> Places(FormRow headings)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, heading) in Needed.Concat(ShownFields.Columns))
        {
            var at = headings.Cells.Index().Where(cell => cell.Item.Trim() == heading || cell.Item.Trim() == name)
                .ToList();
            if (at is [] && (name is Amount or Found || ShownFields.Columns.Contains((name, heading))))
                continue;
            if (at is not [var (place, _)])
                throw headings.Rejected($"one column called {heading} or {name} is expected");
            places.Add(name, place);
        }

        return places;
    }
}
