using System.Text.Json;
using Jifu.Ledger.Cli.Reconcile;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Cli.Tests.Reconcile;

public sealed class OfflineRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-offline-").FullName;

    [Fact]
    public async Task Two_files_make_a_folder_of_reports()
    {
        (await Run("amount-differs")).ShouldBe(ExitCodes.Wrong);

        Directory.EnumerateFiles(Out).Select(Path.GetFileName).Order().ShouldBe(
            ["differences.csv", "mapping.json", "reconciliation.xlsx", "report.html", "summary.json", "summary.txt"]);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBe([Out]);
        File.ReadAllText(Path.Combine(Out, "summary.txt")).ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public async Task The_workbook_holds_both_sides_and_the_differences_between_them()
    {
        await Run("amount-differs");

        using var stream = File.OpenRead(Path.Combine(Out, "reconciliation.xlsx"));
        using var book = new WorkbookReader(stream, "reconciliation.xlsx");
        string.Join('\n', book.Sheets.SelectMany(sheet => book.Rows(sheet)
                .Select(row => string.Join(" | ", row.Cells)).Prepend($"\n== {sheet}")))
            .ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public async Task The_same_files_make_the_same_report()
    {
        await Run("duplicate-row");
        var first = Contents();
        await Run("duplicate-row", force: true);

        Contents().ShouldBe(first);
    }

    [Fact]
    public async Task Each_row_that_was_not_compared_is_told_with_its_reason_and_its_line()
    {
        var orders = Path.Combine(_folder, "orders.csv");
        await File.WriteAllTextAsync(orders, """
            订单号,金额,状态,支付时间
            SO20261120000001,100.00,已支付,2026-11-20 09:15:02
            SO20261120000009,9.00,待支付,2026-11-20 09:20:00
            小计,109.00,,
            SO20261120000008,30.00,待支付,2026-11-20 18:50:00
            SO20261119000009,20.00,已支付,2026-11-19 21:07:33
            SO20261120000002,25.80,已支付,2026-11-20 10:20:30
            合计,155.80,,

            """.ReplaceLineEndings("\n"));

        (await Run("", orders: orders, bill: Path.Combine(Examples, "wechatpay-bill.csv"))).ShouldBe(ExitCodes.Wrong);

        (await File.ReadAllTextAsync(Path.Combine(Out, "summary.txt"))).ShouldEndWith("""
            5 of your rows were not compared 未参加对账:
              2 sums, empty rows, headings once more, or footers 合计行、空行、重复表头或页脚: lines 4, 8
              2 not done 未完成: lines 3, 5
              1 of another day 其他日期: line 6

            """.ReplaceLineEndings("\n"));
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Out, "summary.json")));
        json.RootElement.GetProperty("others_rows").GetInt64().ShouldBe(5);
        json.RootElement.GetProperty("left_out").EnumerateArray().Select(each => string.Join(
            ' ', each.GetProperty("why"), each.GetProperty("rows"), string.Join('+', each.GetProperty("listed")
                .EnumerateArray().Select(row => row.GetProperty("orders_line")))))
            .ShouldBe(["sum 2 4+8", "not_done 2 3+5", "other_day 1 6"]);
        (await File.ReadAllTextAsync(Path.Combine(Out, "report.html"))).ShouldContain("<td class=\"\">3, 5</td>");
        using var stream = File.OpenRead(Path.Combine(Out, "reconciliation.xlsx"));
        using var book = new WorkbookReader(stream, "reconciliation.xlsx");
        book.Rows("汇总").Select(row => string.Join(' ', row.Cells)).ShouldContain("未完成 not done 2 3, 5");
        book.Rows("未参加对账").Select(row => string.Join(' ', row.Cells)).ShouldContain(
            row => row.StartsWith("未完成 支付 SO20261120000008 CNY 30.00 待支付", StringComparison.Ordinal)
                && row.EndsWith(" 5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_difference_is_no_error() => (await Run("all-matched")).ShouldBe(ExitCodes.Fine);

    [Fact]
    public async Task A_file_that_is_refused_leaves_nothing()
    {
        (await Run("truncated")).ShouldBe(ExitCodes.Usage);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_merchant_s_bill_is_refused()
    {
        (await Run("all-matched", merchant: "1900000109")).ShouldBe(ExitCodes.Fine);
        (await Run("all-matched", force: true, merchant: "77")).ShouldBe(ExitCodes.Usage);
    }

    [Fact]
    public async Task Orders_that_are_all_of_another_merchant_are_no_orders_of_this_one()
    {
        var orders = Path.Combine(_folder, "orders.csv");
        await File.WriteAllTextAsync(orders, "number,amount,merchant\nx1,1.00,88\nx2,1.00,99\n");
        var run = () => Run("all-matched", merchant: "1900000109", orders: orders);
        (await Should.ThrowAsync<CommandFailedException>(run)).Message.ShouldBe(
            "orders.csv: not one order is of merchant 1900000109; column merchant says 88, 99.");
    }

    [Fact]
    public async Task UnionPays_bill_whose_name_has_lost_the_day_is_read_when_the_day_is_said()
    {
        var fixture = Path.Combine(Path.GetDirectoryName(Fixtures)!, "unionpay");
        var bill = Path.Combine(_folder, "bill.txt");
        var orders = new FileInfo(Path.Combine(fixture, "all-matched", "ledger.csv"));
        File.Copy(Path.Combine(fixture, "all-matched", "INN26070188ZM_777290058110048"), bill);
        Task<int> Of(Channel? channel, BusinessDay? day) => OfflineRun.Run(
            new(channel, new(bill), orders, day, false, Out, true, null, new Dictionary<string, string>(), null, true,
                false, CsvProfile.Machine, null, 0, 0),
            default);
        var day = new BusinessDay(new(2026, 7, 1));
        (await Of(Channel.UnionPay, null)).ShouldBe(ExitCodes.Usage);
        (await Of(Channel.UnionPay, day)).ShouldBe(ExitCodes.Fine);
        (await Of(null, day)).ShouldBe(ExitCodes.Fine);
    }

    [Fact]
    public async Task Who_interrupts_it_finds_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(() => Run("amount-differs", cancelled: true));
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_with_other_files_is_left_alone_unless_told()
    {
        Directory.CreateDirectory(Out);
        await File.WriteAllTextAsync(Path.Combine(Out, "mine.txt"), "mine");
        await File.WriteAllTextAsync(Path.Combine(Out, "differences.machine.csv"), "of an older report");

        (await Should.ThrowAsync<CommandFailedException>(() => Run("amount-differs"))).ExitCode
            .ShouldBe(ExitCodes.Usage);
        Directory.EnumerateFiles(Out).Count().ShouldBe(2);

        await Run("amount-differs", force: true);
        Directory.EnumerateFiles(Out).Select(Path.GetFileName).Order().ShouldBe(
            [
                "differences.csv", "mapping.json", "mine.txt", "reconciliation.xlsx", "report.html", "summary.json",
                "summary.txt",
            ]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // How long it took stands in summary.json alone.
    private List<byte[]> Contents() => [.. Directory.EnumerateFiles(Out)
        .Where(path => !path.EndsWith("summary.json", StringComparison.Ordinal)).Order().Select(File.ReadAllBytes)];

    private string Out => Path.Combine(_folder, "report");

    private Task<int> Run(
        string name, bool force = false, bool cancelled = false, string? merchant = null, string? orders = null,
        string? bill = null)
    {
        var fixture = Path.Combine(Fixtures, name);
        return OfflineRun.Run(
            new(Channel.WeChatPay, new(bill ?? Path.Combine(fixture, "bill.csv")),
                new(orders ?? Path.Combine(fixture, "ledger.csv")), null, false, Out, force, null,
                orders is null || bill is not null ? new Dictionary<string, string>()
                    : new() { ["number"] = "number", ["merchant"] = "merchant" },
                null, true, false, CsvProfile.Machine, null, 0, 0, merchant),
            new(cancelled));
    }

    private static string Examples { get; } =
        Path.Combine(AppContext.BaseDirectory.Split("/tests/")[0], "docs", "examples");

    private static string Fixtures { get; } = Path.Combine(
        AppContext.BaseDirectory.Split("/tests/")[0], "reconciliation-fixtures", "wechatpay");
}
