using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Reports;

/// <summary>The report of two files.</summary>
public sealed class FileReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jifu-report-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_report_that_lists_some_differences_sums_up_all_of_them_and_names_the_file_that_has_all()
    {
        var (request, result) = Compared(number => $"x{number}", kept: 2);
        var report = FileReport.Of(request, result, withRows: false, "orders.csv");
        report.Differences.Count.ShouldBe(2);

        using var file = new MemoryStream();
        await ReconciliationWorkbook.Write(file, report, new(2026, 11, 21, 0, 0, 0, BusinessDay.Offset), default);
        using var book = new WorkbookReader(file, "report.xlsx");
        var summary = book.Rows("汇总").Select(row => string.Join(' ', row.Cells)).ToList();
        summary.ShouldContain("差异共 6 条，本表只列前 2 条，全部见 all.csv；合计包括全部。");
        summary.ShouldContain(line => line.Contains("only_at_channel 3 5.96"));
        summary.ShouldContain(line => line.Contains("only_with_us 3 -6.00"));
        book.Rows("按渠道").Skip(1).First().Cells.TakeLast(2).ShouldBe(["6", "-0.04"]);
        File.ReadLines(request.DifferencesPath!).Count().ShouldBe(7);
        ReconciliationPage.Write(report).ShouldContain("only_with_us: 3");
    }

    [Fact]
    public void Orders_without_fees_tie_out_by_the_fees_of_the_rows_that_they_meet()
    {
        var (request, result) = Compared(number => number == 3 ? "x3" : $"n{number}", kept: 10);
        result.UntoldFeeMinor.ShouldBe(-2);
        var channel = FileReport.Of(request, result, withRows: false, "orders.csv").Channels.Single();
        channel.Ties.ShouldBeTrue();
        // What a comparison would have missed is no fee.
        FileReport.Of(request, result with { ExcessMinor = result.ExcessMinor + 1 }, false, "orders.csv")
            .Channels.Single().Ties.ShouldBeFalse();
    }

    [Fact]
    public void Each_difference_says_what_to_do_about_it_and_why_as_far_as_the_files_tell()
    {
        var bill = Path.Combine(folder, "bill.csv");
        var orders = Path.Combine(folder, "orders.csv");
        using (var file = File.Create(bill))
            TradeBillWriter.Write(file, Enumerable.Range(1, 5).Select(Paid));
        File.WriteAllLines(orders,
        [
            "number,amount,status,time",
            "n1,1.01,支付成功,2026-11-20 08:00:00", "n2,3.00,支付成功,2026-11-20 08:00:00",
            "n3,3.00,待支付,2026-11-20 08:00:00", "n4,4.00,支付成功,2026-11-18 08:00:00",
            "n6,6.00,支付成功,2026-11-20 08:00:00", "n7,7.00,支付成功,2026-11-20 23:59:59",
        ]);
        var request = new FileReconciliationRequest(
            bill, Channel.WeChatPay, orders,
            new() { Number = "number", Amount = "amount", Status = "status", At = "time" },
            new(new(2026, 11, 20)), null, Path.Combine(folder, "all.csv"));
        var report = FileReport.Of(request, FileReconciler.Run(request), withRows: false, "orders.csv");
        report.Differences.Select(row => $"{row.Number} {row.Class} {row.Action}：{row.Reason}").ShouldBe(
        [
            "n1 amount_differs 建议核销：差额不超过 2 分，属尾差，可核销",
            "n2 amount_differs 建议挂账：渠道少收，挂账并向渠道查证",
            "n3 status_differs 建议挂账：渠道状态与我方不同，挂账并向渠道查证",
            "n4 wrong_day 等待：双方记在不同日期，等待另一日账单",
            "n5 only_at_channel 建议挂账：我方没有此订单：挂账查明商户，再补单或退款",
            "n6 only_with_us 等待：渠道可能在后续账单补上，等待三天",
            "n7 cut_off 等待：双方记在不同日期，等待另一日账单",
        ]);
        DifferenceTable.Headings(report).TakeLast(2).ShouldBe(["处理", "理由"]);
        ReconciliationPage.Write(report).ShouldContain("建议核销：差额不超过 2 分");
    }

    // Three payments of 1, 2 and 3 yuan, of which the channel keeps 0.006, 0.012 and 0.018.
    private (FileReconciliationRequest, FileReconciliationResult) Compared(Func<int, string> ours, int kept)
    {
        var (bill, orders) = (Path.Combine(folder, "bill.csv"), Path.Combine(folder, "orders.csv"));
        using (var file = File.Create(bill))
            TradeBillWriter.Write(file, Enumerable.Range(1, 3).Select(Paid));
        File.WriteAllLines(orders, ["number,amount", .. Enumerable.Range(1, 3).Select(n => $"{ours(n)},{n}.00")]);
        var request = new FileReconciliationRequest(
            bill, Channel.WeChatPay, orders, new() { Number = "number", Amount = "amount" }, null, null,
            Path.Combine(folder, "all.csv"), KeptMax: kept);
        return (request, FileReconciler.Run(request));
    }

    private static TradeBillRow Paid(int yuan) => new()
    {
        TradeTime = new(2026, 11, 20, 8, 0, 0, BusinessDay.Offset), AppId = "wx1", MerchantNumber = "1900",
        TransactionId = $"42{yuan}", OutTradeNo = $"n{yuan}", TradeType = "JSAPI", TradeState = TradeState.Success,
        SettledAmount = new(yuan * 1_00, Currency.CNY), OrderAmount = new(yuan * 1_00, Currency.CNY), Product = "tea",
        FeeHundredThousandths = yuan * 600,
    };
}
