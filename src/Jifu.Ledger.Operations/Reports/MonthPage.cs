using System.Globalization;
using Jifu.Ledger.Operations.Reports.Pages;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>A month's reconciliations as one page of charts: how often there is a difference, of which class, for how
/// much, and how old the open ones are.</summary>
public static class MonthPage
{
    private static readonly (string Name, int From, int To)[] Ages =
    [
        ("0–1 天 days", 0, 1), ("2–3 天 days", 2, 3), ("4–7 天 days", 4, 7), ("8–14 天 days", 8, 14),
        ("15–30 天 days", 15, 30), ("30 天以上 older", 31, int.MaxValue),
    ];

    /// <summary>What a browser may do with the page: the header to send with it.</summary>
    public static string ContentSecurityPolicy => PageStyle.ContentSecurityPolicy;

    /// <summary>The page, UTF-8.</summary>
    public static string Write(MonthFigures month)
    {
        ArgumentNullException.ThrowIfNull(month);
        var title = month.Month.ToString("yyyy 年 M 月对账", CultureInfo.InvariantCulture);
        var page = new Page(
            title, month.Month.ToString("'Reconciliation in' MMMM yyyy", CultureInfo.InvariantCulture),
            [$"截至 as of {month.AsOf}，{month.Currency}"]);
        var (rows, differences) = (month.Days.Sum(day => day.BillRows), month.Days.Sum(day => day.Differences));
        var open = month.Open.Sum(age => age.Count);
        page.Cards(
            ("账单笔数 bill rows", Figures.Count(rows), ""),
            ("差异 differences", Figures.Count(differences), ""),
            ("差异率 rate", rows == 0 ? "—" : Figures.Rate((double)differences / rows), ""),
            ("未结 open", Figures.Count(open), open == 0 ? "good" : "bad"),
            ("未结最长账龄 oldest", open == 0 ? "—" : $"{month.Open.Max(age => age.Days)} 天", ""));
        if (rows == 0 && differences == 0)
        {
            page.Box("没有数据", "nothing to show", "这个月还没有对过账。No bill has been reconciled in this month.", "");
            if (open > 0)
                DrawOpen(page, month);
            return page.End("");
        }

        Draw(page, month);
        page.Box("按日", "by day", "图中的数字", Days(month));
        return page.End("差额为正：渠道应多付给我方。Positive: the channel owes us more.");
    }

    private static void Draw(Page page, MonthFigures month)
    {
        var classes = month.Days.SelectMany(day => day.Classes).Select(each => each.Class).Distinct()
            .OrderBy(ReportTerms.Colour).ToList();
        page.Box("每日差异率", "difference rate", "差异笔数 ÷ 账单笔数；没有账单的日子留空。", Charts.Rate("每日差异率",
            [.. month.Days.Select(day => (Label(day.Day), day.Rate,
                $"{day.Day}: {Figures.Count(day.Differences)} / {Figures.Count(day.BillRows)}"))]));
        Drawn(page, "每日差额，按分类", "excess by class and day", "向上：渠道多付；向下：渠道少付。", classes,
            () => Page.Legend(classes) + Charts.Stacks("每日差额，按分类",
            [.. month.Days.Select(day => (
                Label(day.Day), (IReadOnlyList<(string, long, string)>)[.. day.Classes
                    .OrderBy(each => ReportTerms.Colour(each.Class))
                    .Select(each => (each.Class, each.ExcessMinor, Tip(day.Day, each, month.Currency)))]))]));
        page.Beside(boxes =>
        {
            DrawOpen(boxes, month);
            Drawn(boxes, "差异金额，按分类", "gross amounts by class", "多与少的绝对值之和", classes,
                () => Charts.Bars("差异金额，按分类",
                [.. classes.Select(name => (name, Sum: month.Days.SelectMany(day => day.Classes)
                    .Where(each => each.Class == name).Sum(each => each.GrossMinor)))
                    .Select(each => (ReportTerms.Both(each.name), (double)each.Sum,
                        Figures.Money(each.Sum, month.Currency), $"c{ReportTerms.Colour(each.name)}", each.name))]));
        });
    }

    private static void DrawOpen(Page page, MonthFigures month) => page.Box(
        "未结差异的账龄", "age of open differences", "笔数与金额；包括以前月份的", Charts.Bars("未结差异的账龄",
            [.. Ages.Select(age => Bar(month, age.Name, age.From, age.To))]));

    // Axes without anything on them look broken.
    private static void Drawn(
        Page page, string heading, string english, string remark, List<string> classes, Func<string> chart)
    {
        if (classes.Count > 0)
            page.Box(heading, english, remark, chart());
        else
            page.Box(heading, english, "这个月没有差异。There is no difference in this month.", "");
    }

    private static (string, double, string, string, string) Bar(MonthFigures month, string name, int from, int to)
    {
        var open = month.Open.Where(age => age.Days >= from && age.Days <= to).ToList();
        var (count, gross) = (open.Sum(age => age.Count), open.Sum(age => age.GrossMinor));
        var figure = count == 0 ? "0" : $"{Figures.Count(count)} 笔 · {Figures.Money(gross, month.Currency)}";
        return (name, count, figure, "plain", $"{name}: {figure}");
    }

    private static string Days(MonthFigures month)
    {
        var rows = month.Days.Where(day => day.BillRows > 0 || day.Differences > 0).Select(day => Row(
            $"{day.Day}", day.BillRows, day.Matched, day.Classes, month.Currency)).ToList();
        rows.Add(Row("合计 total", month.Days.Sum(day => day.BillRows), month.Days.Sum(day => day.Matched),
            [.. month.Days.SelectMany(day => day.Classes)], month.Currency));
        return Page.Table(
            ["日 day", "账单笔数 rows", "对平 matched", "差异 differences", "差异率 rate", "差额 excess", "绝对值 gross"],
            ["", "n", "n", "n", "n", "n", "n"], rows, lastIsSum: true);
    }

    private static string[] Row(
        string day, long rows, long matched, IReadOnlyList<ClassFigures> classes, string currency)
    {
        var count = classes.Sum(each => each.Count);
        return
        [
            day, Figures.Count(rows), Figures.Count(matched), Figures.Count(count),
            rows == 0 ? "—" : Figures.Rate((double)count / rows),
            Figures.Money(classes.Sum(each => each.ExcessMinor), currency),
            Figures.Money(classes.Sum(each => each.GrossMinor), currency),
        ];
    }

    private static string Label(BusinessDay day) => day.Date.ToString("M-d", CultureInfo.InvariantCulture);

    private static string Tip(BusinessDay day, ClassFigures each, string currency) =>
        $"{day} {ReportTerms.Both(each.Class)}: {each.Count} · {Figures.Money(each.ExcessMinor, currency)}";
}
