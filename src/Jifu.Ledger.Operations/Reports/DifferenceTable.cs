using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>A report's differences as a table: a sheet of the workbook, or a CSV file.</summary>
/// <remarks>Columns that no row could fill are left out: line numbers without files, a life without a ledger.</remarks>
public static class DifferenceTable
{
    internal const string ChannelColumn = "A";
    internal const string ClassColumn = "B";
    internal const string CurrencyColumn = "F";
    internal const string ExcessColumn = "G";

    private static readonly TableColumn[] Known =
    [
        new("渠道", Width: 11), new("分类代码", Width: 16), new("分类", Width: 12), new("单号", Width: 32),
        new("字段", Width: 10), new("币种", Width: 7), new("差额", ColumnKind.Money), new("渠道方", Width: 20),
        new("我方", Width: 20), new("渠道金额", ColumnKind.Money, Summed: false),
        new("我方金额", ColumnKind.Money, Summed: false), new("商户号", Width: 14), new("渠道流水号", Width: 32),
        new("时间", ColumnKind.Moment),
    ];

    // What programs call the columns, in the same order.
    private static readonly string[] KnownNames =
    [
        "channel", "class", "class_name", "number", "field", "currency", "excess_minor", "theirs", "ours",
        "theirs_minor", "ours_minor", "merchant", "reference", "at",
    ];

    private static readonly string[] LineNames = ["bill_line", "orders_line"];

    private static readonly string[] LifeNames = ["status", "age_days"];

    private static readonly string[] AdviceNames = ["action", "reason"];

    private static readonly TableColumn[] Lines =
        [new("账单行号", ColumnKind.Number, Summed: false), new("订单行号", ColumnKind.Number, Summed: false)];

    private static readonly TableColumn[] Life =
        [new("状态", Width: 12), new("账龄（天）", ColumnKind.Number, Summed: false)];

    private static readonly TableColumn[] Advice = [new("处理", Width: 16), new("理由", Width: 36)];

    public static IReadOnlyList<TableColumn> Columns(ReconciliationReport report) =>
        [.. Known, .. HasLines(report) ? Lines : [], .. HasLife(report) ? Life : [],
            .. HasAdvice(report) ? Advice : []];

    /// <param name="isForPrograms">Codes instead of words, and amounts in minor units.</param>
    public static string[] Headings(ReconciliationReport report, bool isForPrograms = false) => isForPrograms
        ? [.. KnownNames, .. HasLines(report) ? LineNames : [], .. HasLife(report) ? LifeNames : [],
            .. HasAdvice(report) ? AdviceNames : []]
        : [.. Columns(report).Select(column => column.Heading)];

    /// <summary>The rows, below <see cref="Headings"/>.</summary>
    public static void Write(ITable table, ReconciliationReport report, bool isForPrograms = false)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(report);
        var (lines, life, advice) = (HasLines(report), HasLife(report), HasAdvice(report));
        foreach (var row in report.Differences)
        {
            table.Text(row.Channel).Text(row.Class).Text(Terms.Difference(row.Class)).Text(row.Number).Text(row.Field)
                .Text(row.Currency).Amount(row.ExcessMinor, row.Currency, isForPrograms)
                .Text(row.Theirs).Text(row.Ours).Amount(row.Theirs, row.Currency, isForPrograms)
                .Amount(row.Ours, row.Currency, isForPrograms).Text(row.Merchant).Text(row.Reference).Moment(row.At);
            if (lines)
                Optional(Optional(table, row.BillLine), row.OrdersLine);
            if (life)
                Optional(table.Text(row.Status), row.AgeDays);
            if (advice)
                table.Text(row.Action).Text(row.Reason);
            table.EndRow();
        }
    }

    private static ITable Optional(ITable table, int? number) =>
        number is { } known ? table.Count(known) : table.Blank();

    private static bool HasLines(ReconciliationReport report) =>
        report.Differences.Any(row => row.BillLine is not null || row.OrdersLine is not null);

    private static bool HasLife(ReconciliationReport report) =>
        report.Differences.Any(row => row.Status.Length > 0 || row.AgeDays is not null);

    private static bool HasAdvice(ReconciliationReport report) => report.Differences.Any(row => row.Reason.Length > 0);
}
