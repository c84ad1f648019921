using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Reports;

public sealed partial class MonthPageTests
{
    [Fact]
    public void A_month_is_drawn_from_its_figures() =>
        Body(MonthPage.Write(November())).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Each_class_has_its_own_colour_in_the_light_in_the_dark_and_on_paper_and_a_name()
    {
        string[] classes = [.. DifferenceClasses.OfTrade, .. DifferenceClasses.OfMoney];
        var day = new DayFigures(
            new(new(2026, 2, 1)), 10, 0, [.. classes.Select(name => new ClassFigures(name, 1, 1_00, 1_00))]);
        var page = MonthPage.Write(new(new(2026, 2, 1), "CNY", [day], [], new(new(2026, 2, 2))));
        var style = Style.Match(page).Groups[1].Value;
        foreach (var (name, colour) in classes.Select((name, at) => (name, at + 1)))
        {
            Body(page).ShouldContain($"<rect class=\"c{colour}\" width=\"10\" height=\"10\"");
            ReportTerms.Both(name).ShouldNotContain('_');
            style.ShouldContain($".c{colour}{{fill:var(--c{colour})}}");
            Regex.Count(style, $"--c{colour}:#").ShouldBe(3);
        }
    }

    [Fact]
    public void A_month_without_a_bill_says_so() => Body(MonthPage.Write(
        new(new(2026, 2, 1), "CNY", [new(new(new(2026, 2, 1)), 0, 0, [])], [], new(new(2026, 2, 2)))))
        .ShouldContain("这个月还没有对过账");

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void A_month_that_nobody_reconciled_still_shows_what_is_open(int days, bool differ)
    {
        ClassFigures[] found = differ ? [new("fee_differs", 1, 38, 38)] : [];
        var page = Body(MonthPage.Write(new(
            new(2026, 2, 1), "CNY", [.. Enumerable.Range(1, days).Select(day =>
                new DayFigures(new(new(2026, 2, day)), 0, 0, found))], [new(3, 2, 5_00)], new(new(2026, 2, 2)))));
        page.ShouldContain("2 笔 &#183; 5.00");
        page.Contains("这个月还没有对过账", StringComparison.Ordinal).ShouldBe(!differ);
        page.Contains("0.38", StringComparison.Ordinal).ShouldBe(differ);
    }

    [Fact]
    public void A_month_without_a_difference_is_drawn_and_says_so()
    {
        var page = Body(MonthPage.Write(new(
            new(2026, 2, 1), "CNY", [new(new(new(2026, 2, 1)), 10, 10, [])], [], new(new(2026, 2, 2)))));
        page.ShouldContain("2026-02-01: 0 / 10");
        Regex.Count(page, "这个月没有差异").ShouldBe(2);
        page.ShouldNotContain("NaN");
        page.ShouldContain("<td class=\"\">2026-02-01</td>");
    }

    [Fact]
    public void A_page_asks_nobody_for_anything()
    {
        var page = MonthPage.Write(November());

        page.ShouldNotContain("<script");
        page.ShouldNotContain("http:");
        page.ShouldNotContain("https:");
        page.ShouldNotContain(" style=");
        page.ShouldNotMatch("\\son[a-z]+=");
        var style = Style.Match(page).Groups[1].Value;
        MonthPage.ContentSecurityPolicy.ShouldContain(
            $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'");
    }

    // Where the look of things stands is nobody's business but a person's, who looks.
    private static string Body(string page) => page[page.IndexOf("<body>", StringComparison.Ordinal)..];

    private static MonthFigures November()
    {
        string[] classes = ["only_at_channel", "only_with_us", "amount_differs", "fee_differs", "duplicate"];
        var days = Enumerable.Range(1, 21).Select(day =>
        {
            var rows = day is 7 or 8 ? 0 : 180_000 + (day * 7_919 % 41_000);
            var found = classes
                .Select((name, index) => (name, Count: rows == 0 ? 0 : (day * (index + 3)) % (5 + index)))
                .Where(each => each.Count > 0)
                .Select(each => new ClassFigures(
                    each.name, each.Count,
                    each.Count * (each.name == "only_with_us" ? -25_80L : each.name == "fee_differs" ? 38L : 19_900L),
                    each.Count * 19_900L))
                .ToList();
            var matched = Math.Max(0, rows - found.Sum(each => each.Count));
            return new DayFigures(new(new(2026, 11, day)), rows, matched, found);
        });
        return new(
            new(2026, 11, 1), "CNY", [.. days],
            [new(0, 9, 312_00), new(2, 4, 80_00), new(6, 3, 1_290_00), new(12, 1, 25_80), new(41, 2, 4_500_00)],
            new(new(2026, 11, 21)));
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style { get; }
}
