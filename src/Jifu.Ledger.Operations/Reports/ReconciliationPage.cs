using Jifu.Ledger.Operations.Reports.Pages;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>A reconciliation as one HTML page for people, printable, that needs nothing else.</summary>
public static class ReconciliationPage
{
    private const int ListedMax = 100;
    private const int MerchantsMax = 10;

    /// <summary>The page, UTF-8.</summary>
    public static string Write(ReconciliationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new Page(report.Title, "Reconciliation", report.Notes);
        var (rows, matched) = (report.Channels.Sum(channel => channel.Theirs.Rows),
            report.Channels.Sum(channel => channel.Matched));
        var currency = report.Channels.Select(channel => channel.Currency).FirstOrDefault("CNY");
        var ties = report.Channels.All(channel => channel.Ties);
        page.Cards(
            ("账单笔数 bill rows", Figures.Count(rows), ""),
            ("对平 matched", Figures.Count(matched), ""),
            ("差异 differences", Figures.Count(report.DifferenceCount), report.DifferenceCount == 0 ? "good" : "bad"),
            ("差额 excess", Figures.Money(report.Channels.Sum(channel => channel.ExcessMinor), currency), ""),
            ("平衡关系 tie-out", ties ? "一致 ✓" : "不一致 ✗", ties ? "good" : "bad"));
        foreach (var channel in report.Channels)
            page.Box($"{ReportTerms.Channel(channel.Channel)} {channel.Channel}", $"both sides, {channel.Currency}",
                "差 = 渠道 − 我方", Sides(channel) + Tie(channel));
        if (report.LeftOut.Count > 0)
            page.Box("我方未参加对账的行", "rows of the orders that were not compared", "行号是订单文件里的", Page.Table(
                ["原因 reason", "行数 rows", "行号 lines"], ["", "n", ""],
                report.LeftOut.Select(reason => new[]
                {
                    $"{reason.Chinese} {reason.English}", Figures.Count(reason.Rows), reason.Lines(ListedMax),
                })));
        if (report.Differences.Count > 0)
            Differences(page, report, currency);
        return page.End(report.Differences.Count > ListedMax
            ? $"这里列出前 {ListedMax} 条差异；全部 {Figures.Count(report.DifferenceCount)} 条见 "
                + $"{(report.IsCut ? report.AllDifferences : "differences.csv")}。"
            : "金额以元为单位；差额为正：渠道应多付给我方。Amounts in yuan; positive: the channel owes us more.");
    }

    private static string Sides(ReportChannel of) => Page.Table(
        ["", "渠道账单 theirs", "我方 ours", "差 difference"], ["", "n", "n", "n"],
        [
            Counts("支付笔数 payments", of.Theirs.PaymentRows, of.Ours.PaymentRows),
            Counts("退款笔数 refunds", of.Theirs.RefundRows, of.Ours.RefundRows),
            Amounts("支付金额 paid", of, side => side.PaidMinor),
            Amounts("退款金额 refunded", of, side => side.RefundedMinor),
            Amounts("手续费 fees", of, side => side.FeeMinor),
            Amounts("净额 net", of, side => side.NetMinor),
        ], lastIsSum: true);

    private static string[] Counts(string what, long theirs, long ours) =>
        [what, Figures.Count(theirs), Figures.Count(ours), Figures.Count(theirs - ours)];

    private static string[] Amounts(string what, ReportChannel of, Func<ReportSide, long> amount) =>
    [
        what, Figures.Money(amount(of.Theirs), of.Currency), Figures.Money(amount(of.Ours), of.Currency),
        Figures.Money(amount(of.Theirs) - amount(of.Ours), of.Currency),
    ];

    private static string Tie(ReportChannel of)
    {
        List<(string What, long Minor)> lines =
        [
            ("我方净额 our net", of.Ours.NetMinor), ("＋ 差异 differences", of.ExcessMinor),
            ("＋ 跨日 cut-off", of.CarriedMinor),
        ];
        if (of.ToleratedMinor != 0)
            lines.Add(("＋ 容差内 tolerated", of.ToleratedMinor));
        if (of.LaterMinor != 0)
            lines.Add(("＋ 对账之后才入账的 learnt of later", of.LaterMinor));
        if (of.UntoldFeeMinor != 0)
            lines.Add(("－ 我方未提供的手续费 fees that our side does not tell", of.UntoldFeeMinor));
        lines.Add(("＝ 应等于渠道净额 must be their net", of.ExplainedMinor));
        lines.Add((of.Ties ? "渠道净额 their net：一致 ✓" : "渠道净额 their net：不一致 ✗", of.Theirs.NetMinor));
        return Page.Table(["平衡关系 tie-out", of.Currency], ["", "n"],
            lines.Select(line => new[] { line.What, Figures.Money(line.Minor, of.Currency) }), lastIsSum: true);
    }

    private static void Differences(Page page, ReconciliationReport report, string currency)
    {
        var classes = report.Sums.GroupBy(sum => sum.Class).OrderBy(group => ReportTerms.Colour(group.Key))
            .Select(group => (group.Key, Count: group.Sum(sum => sum.Count), Sum: group.Sum(sum => sum.AbsoluteMinor)))
            .ToList();
        page.Beside(boxes =>
        {
            boxes.Box("差异笔数", "by class", "按分类", Charts.Bars("差异笔数，按分类", [.. classes.Select(group => (
                ReportTerms.Both(group.Key), (double)group.Count, Figures.Count(group.Count),
                $"c{ReportTerms.Colour(group.Key)}", $"{group.Key}: {group.Count}"))]));
            boxes.Box("差异金额", "absolute amounts by class", "多与少的绝对值之和，按分类",
                Charts.Bars("差异金额，按分类", [.. classes.Select(group => (
                    ReportTerms.Both(group.Key), (double)group.Sum, Figures.Money(group.Sum, currency),
                    $"c{ReportTerms.Colour(group.Key)}",
                    $"{group.Key}: {Figures.Money(group.Sum, currency)}"))]));
        });
        var merchants = report.Sums.GroupBy(sum => sum.Merchant).Where(group => group.Key.Length > 0)
            .Select(group => (group.Key, Count: group.Sum(sum => sum.Count), Sum: group.Sum(sum => sum.ExcessMinor)))
            .OrderByDescending(group => group.Count).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(MerchantsMax).ToList();
        if (merchants.Count > 1)
            page.Box("差异最多的商户", "merchants with most differences", $"前 {merchants.Count} 个", Page.Table(
                ["商户号 merchant", "笔数 rows", "差额 excess"], ["id", "n", "n"],
                merchants.Select(group => new[]
                {
                    group.Key, Figures.Count(group.Count), Figures.Money(group.Sum, currency),
                })));
        page.Box("差异明细", "differences", "差额为正：渠道应多付给我方", Page.Table(
            ["分类", "单号 number", "字段", "渠道方 theirs", "我方 ours", "差额 excess", "账单行", "订单行", "建议 action"],
            ["", "id", "", "", "", "n", "n", "n", "say"],
            report.Differences.Take(ListedMax).Select(row => new[]
            {
                ReportTerms.Both(row.Class), row.Number, row.Field, row.Theirs, row.Ours,
                Figures.Money(row.ExcessMinor, row.Currency), $"{row.BillLine}", $"{row.OrdersLine}",
                $"{row.Action}：{row.Reason}",
            })));
    }
}
