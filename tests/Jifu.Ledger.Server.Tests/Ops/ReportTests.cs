using System.Diagnostics;
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
        await day.Play();
        await day.Plant(5);
        await day.End();
        await server.CaughtUp();
        await day.Close();
        await server.CaughtUp();
        var found = (await server.AsOperator("GET", $"/v1/ops/days/{day.Day}/differences")).Json
            .GetProperty("differences").GetArrayLength();
        found.ShouldBePositive();

        var answer = await server.AsOperator("GET", $"/v1/ops/days/{day.Day}/reconciliation.xlsx");
        answer.Status.ShouldBe(200);
        using var book = new WorkbookReader(new MemoryStream(answer.Content), "reconciliation.xlsx");
        book.Sheets.ShouldBe(["汇总", "差异", "渠道账单", "我方订单", "按渠道", "按商户"]);
        book.Rows("汇总").Select(row => row[3]).Where(cell => cell.Contains("一致", StringComparison.Ordinal))
            .ShouldBe(["一致"]);
        book.Rows("差异").Count().ShouldBe(found + 3); // Headings, and two lines of sums.
        var sums = book.Rows("按渠道").First(row => row[0] == "sandbox");
        sums[2].ShouldBe($"{book.Rows("渠道账单").Count() - 1}");
        sums[7].ShouldBe($"{book.Rows("我方订单").Count() - 1}");

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
    }

    private async Task<int> Jifu(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "jifu.dll"), .. words])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["Jifu__Home"] = server.Home;
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
