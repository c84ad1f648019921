using System.Globalization;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Server.Tests.Days;

namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary>What finance downloads about a day's and a month's reconciliations.</summary>
public sealed class ReportTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_days_workbook_ties_out_and_holds_both_sides_and_a_month_is_a_page()
    {
        var day = await SmallDay.Begin(server);
        await PlayWithDifferences(day);
        var found = (await server.AsOperator("GET", $"/v1/ops/days/{day.Day}/differences")).Json
            .GetProperty("differences").GetArrayLength();
        found.ShouldBePositive();
        var closed = await CloseOne();
        await server.CaughtUp();

        var answer = await server.AsOperator("GET", $"/v1/ops/days/{day.Day}/reconciliation.xlsx");
        answer.Status.ShouldBe(200);
        using var book = new WorkbookReader(new MemoryStream(answer.Content), "reconciliation.xlsx");
        book.Sheets.ShouldBe(["汇总", "差异", "跨日", "渠道账单", "我方订单", "按渠道", "按商户"]);
        book.Rows("汇总").Select(row => row[3]).Where(cell => cell.Contains("一致", StringComparison.Ordinal))
            .ShouldBe(["一致"]);
        book.Rows("差异").Count().ShouldBe(found + 3); // Headings, and two lines of sums.
        var sums = book.Rows("按渠道").First(row => row[0] == "sandbox");
        sums[2].ShouldBe($"{book.Rows("渠道账单").Count() - 1}");
        sums[7].ShouldBe($"{book.Rows("我方订单").Count() - 1}");

        ShouldTellAll(book, closed);
        ShouldTellCarries(book, "跨日转出");

        var page = await server.AsOperator("GET", $"/v1/ops/reconciliation/charts?month={day.Day.Date:yyyy-MM}");
        page.Status.ShouldBe(200);
        page.Body.ShouldContain($"<td class=\"\">{day.Day}</td>");
        (await server.AsOperator("GET", "/v1/ops/reconciliation/charts?month=2026-13"))
            .Refusal.ShouldBe("400 parameter_invalid");

        var file = Path.Combine(server.Home, "month.html");
        (await Jifu("reconcile", "charts", "--month", $"{day.Day.Date:yyyy-MM}", "--out", file)).ShouldBe(0);
        File.ReadAllText(file).ShouldBe(page.Body);
        file = Path.Combine(server.Home, "day.xlsx");
        (await Jifu("reconcile", "report", "--day", $"{day.Day}", "--out", file)).ShouldBe(0);
        File.ReadAllBytes(file).ShouldBe(answer.Content);
        await ShouldMeetCarries(day.Next());
    }

    [Fact]
    public async Task A_day_without_a_bill_has_no_workbook()
    {
        (await server.AsOperator("GET", "/v1/ops/days/2030-01-01/reconciliation.xlsx"))
            .Refusal.ShouldBe("404 nothing_recorded");
        var file = Path.Combine(server.Home, "none.xlsx");
        (await Jifu("reconcile", "report", "--day", "2030-01-01", "--out", file)).ShouldBe(2);
        File.Exists(file).ShouldBeFalse();
    }

    private async Task PlayWithDifferences(SmallDay day)
    {
        await day.Play();
        // So late that the cut-off may move it.
        await server.MoveClock(day.Day.Next.Start.AddMinutes(-10));
        await day.Shop.Paid("late", 1_230);
        await day.Plant(6);
        await day.End();
        await server.CaughtUp();
        await day.Close();
        await server.CaughtUp();
    }

    private async Task ShouldMeetCarries(SmallDay next)
    {
        await next.Play();
        await next.End();
        await next.Close();
        await server.CaughtUp();
        var answer = await server.AsOperator("GET", $"/v1/ops/days/{next.Day}/reconciliation.xlsx");
        using var met = new WorkbookReader(new MemoryStream(answer.Content), "next.xlsx");
        ShouldTellCarries(met, "跨日转入");
    }

    private static void ShouldTellAll(WorkbookReader book, string closed)
    {
        var differences = Table(book, "差异");
        differences.ShouldAllBe(row => row["渠道流水号"].Length > 0);
        differences.ShouldAllBe(row => row["商户号"].Length > 0 || row["分类代码"] == "only_at_channel");
        var by = differences.Single(row => row["单号"] == closed);
        (by["处理"], by["理由"]).ShouldSatisfyAllConditions(
            told => told.Item1.ShouldBe("人工处理"), told => told.Item2.ShouldMatch("^核销：small（.+ 提出，.+ 复核）$"));
        foreach (var merchant in Table(book, "按商户"))
            merchant["差异笔数"].ShouldBe($"{differences.Count(row => row["商户号"] == merchant["商户号"])}");
    }

    private static void ShouldTellCarries(WorkbookReader book, string which)
    {
        var carried = Table(book, "跨日");
        carried.ShouldNotBeEmpty();
        carried.ShouldAllBe(row => row["方向"] == which);
        carried.ShouldAllBe(row => row["商户号"].Length > 0 && row["渠道流水号"].Length > 0);
        book.Rows("汇总").Single(row => row[0].StartsWith("＋ 跨日", StringComparison.Ordinal))[2]
            .ShouldBe($"{carried.Sum(row => decimal.Parse(row["跨日金额"], CultureInfo.InvariantCulture)):0.00}");
        foreach (var row in Table(book, "按商户").Concat(Table(book, "按渠道")))
            (Yuan(row["渠道净额"]) - Yuan(row["我方净额"])).ShouldBe(Yuan(row["差额"]) + Yuan(row["跨日"]));
        if (which == "跨日转出")
            book.Rows("我方订单").Where(row => row[7] == "跨日").Select(row => row[2])
                .ShouldBe(carried.Select(row => row["单号"]), ignoreOrder: true);
    }

    private static decimal Yuan(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);

    // The rows between the headings and the two lines of sums.
    private static List<Dictionary<string, string>> Table(WorkbookReader book, string sheet)
    {
        var rows = book.Rows(sheet).ToList();
        return [.. rows.Skip(1).SkipLast(2).Select(row =>
            rows[0].Cells.Index().ToDictionary(each => each.Item, each => row[each.Index]))];
    }

    // Returns its number.
    private async Task<string> CloseOne()
    {
        var one = (await server.AsOperator("GET", "/v1/ops/differences?class=only_at_channel")).Json
            .GetProperty("differences").EnumerateArray().First();
        var path = $"/v1/ops/differences/{one.GetProperty("id").GetString()}";
        (await server.Send(
            await Colleague(), "POST", $"{path}/proposals", """{"action":"write_off","reason":"small"}"""))
            .Refusal.ShouldBe("200");
        (await server.Send(await Colleague(), "POST", $"{path}/approvals", """{"proposal":1}""")).Refusal
            .ShouldBe("200");
        return one.GetProperty("key").GetString()!.Split(':')[1];
    }

    private async Task<RequestSigner> Colleague()
    {
        var made = await server.AsOperator("POST", "/v1/ops/keys", """{"role":"operator"}""");
        return RequestSigner.Hmac(made["key_id"], Convert.FromBase64String(made["secret"]), TimeProvider.System);
    }

    private async Task<int> Jifu(params string[] words) => (await JifuCommand.Run(server.Home, words)).Code;
}
