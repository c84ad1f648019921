using Jifu.Ledger.Cli.Reconcile;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Cli.Tests.Reconcile;

/// <summary>The files that docs/start.md takes are found to differ as it says.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task The_first_five_minutes_show_what_the_page_tells()
    {
        var examples = Path.Combine(AppContext.BaseDirectory.Split("/tests/")[0], "docs", "examples");
        var folder = Directory.CreateTempSubdirectory("jifu-example-").FullName;

        var code = await OfflineRun.Run(
            new(null, new(Path.Combine(examples, "wechatpay-bill.csv")), new(Path.Combine(examples, "orders.csv")),
                null, false, folder, false, null, new Dictionary<string, string>(), null, true, false,
                CsvProfile.Machine, null, 0, 0),
            CancellationToken.None);

        code.ShouldBe(ExitCodes.Wrong);
        var (summary, differences) = (File.ReadAllText(Path.Combine(folder, "summary.txt")),
            File.ReadAllText(Path.Combine(folder, "differences.csv")));
        var page = File.ReadAllText(Path.Combine(folder, "report.html"));
        Directory.Delete(folder, recursive: true);
        page.ShouldContain("渠道净额 their net：一致 ✓");
        page.ShouldContain("<td class=\"id\">SO20261120000005</td>");
        page.ShouldNotContain("<script");
        $"{summary}\n{differences}".ShouldMatchApproved(o => o.NoDiff());
    }
}
