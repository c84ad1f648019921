using System.IO.Compression;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

/// <summary>UnionPay's corrections (差错) from their file to their accounts.</summary>
public class CorrectionTests
{
    private static readonly BusinessDay Day = new(new(2026, 7, 1));
    private static readonly string Bill = Path.Combine(Root(), "reconciliation-fixtures/unionpay/correction/bill.zip");

    [Fact]
    public async Task A_chargeback_is_a_difference_until_people_say_what_it_moves()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.House.Tell<PaymentEvent>("payment", "p01", OursOfThatDay);
        await desk.House.CatchUp();
        var file = new ChannelBillFile("bill.zip", await File.ReadAllBytesAsync(Bill));
        (await desk.House.Reconciliation.Import(Channel.UnionPay, Day, file, null, House.By, default)).Refusal
            .ShouldBeNull();
        var found = (await desk.Queries.List(new(Status: null, Class: "correction"), default)).ToList();
        found.Select(row => (row.Key, row.Theirs, row.ExcessMinor, row.Status)).ShouldBe(
        [
            ("correction:E22.0630101010.000777", "CNY 12.00", 0, "open"),
            ("correction:E22.0630101010.000777.2", "CNY 12.00", 0, "open"),
            ("correction:E22.0630101010.000999", "CNY 12.00", 0, "open"),
        ], ignoreOrder: true);

        (await desk.Propose(found[0], new(RemedyKind.Adjust, Account.FeeIncome))).ShouldBe("correction_amount_missing");
        var before = await desk.Balance(Account.Receivable(Channel.UnionPay));
        var form = new RemedyForm("write_off", Amount: "-12.00").Read(new(found[0].DifferenceId));
        await desk.Close(found[0], form.Remedy!);
        (await desk.Balance(Account.DifferenceResult(Channel.UnionPay))).ShouldBe(-12_00);
        (await desk.Balance(Account.Receivable(Channel.UnionPay))).ShouldBe(before + 12_00);
        (await desk.Queries.Find(found[0].DifferenceId, default))!.Status.ShouldBe("closed");
        (await desk.Queries.Steps(found[0].DifferenceId, default))[^1].Detail
            .ShouldBe($"write_off CNY -12.00 approved by {FinanceDesk.Bo.Actor}");
    }

    [Fact]
    public async Task A_bill_whose_name_has_lost_the_day_is_read_again_for_the_report_as_it_was_read_first()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.House.Tell<PaymentEvent>("payment", "p01", OursOfThatDay);
        await desk.House.CatchUp();
        using var zip = ZipFile.OpenRead(Bill);
        using var content = new MemoryStream();
        zip.Entries.Single(entry => entry.Name.Contains("ZM_", StringComparison.Ordinal)).Open().CopyTo(content);
        (await desk.House.Reconciliation.Import(
            Channel.UnionPay, Day, new("bill.txt", content.ToArray()), null, House.By, default)).Refusal.ShouldBeNull();
        await desk.House.CatchUp();
        var reports = new LedgerReports(desk.House.Views, desk.House.Archive, desk.House.Clock);
        var report = await reports.OfDay(Day, default);
        report.Channels.Single().Ties.ShouldBeTrue();
    }

    [Theory]
    [InlineData("twelve")]
    [InlineData("0.001")]
    [InlineData("1e3")]
    [InlineData("12,50")]
    [InlineData("1,2.00")]
    public void An_amount_that_is_none_is_refused(string amount) =>
        new RemedyForm("adjust", "bank", Amount: amount).Read(new("d1")).Wrong.ShouldHaveSingleItem()
            .Field.ShouldBe("amount");

    [Fact]
    public void Two_files_show_them_too()
    {
        var orders = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(orders, "no,amount\np01,100.00\n");
            var result = FileReconciler.Run(new(
                Bill, Channel.UnionPay, orders, new() { Number = "no", Amount = "amount" }, Day));
            result.CountByClass["correction"].ShouldBe(3);
            result.Differences.Count(difference => difference.Class == "correction").ShouldBe(3);
        }
        finally
        {
            File.Delete(orders);
        }
    }

    internal static PaymentEvent[] OursOfThatDay =>
    [
        new PaymentEvent.Created(
            new(
                new("m1"), "U-1", new(100_00, Currency.CNY), Channel.UnionPay, PaymentProduct.Native, "tea", null, null,
                null, []),
            new(FeeQuote.For(new(100_00, Currency.CNY), new(6_000), FeeOnRefund.Returned, new(
                Channel.UnionPay, new(6_000), FeeOnRefund.Returned)), [], Day),
            Day.Start),
        new PaymentEvent.Succeeded(
            new("m1"), Channel.UnionPay, new(100_00, Currency.CNY), new(60, Currency.CNY), new(60, Currency.CNY),
            "260701090000000000001", Day.Start.AddHours(9), Day),
    ];

    internal static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(root!.FullName, "reconciliation-fixtures")))
            root = root.Parent;
        return root.FullName;
    }
}
