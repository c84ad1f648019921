using System.IO.Compression;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Operations.Tests.Days;

namespace Jifu.Ledger.Operations.Tests.Reports;

/// <summary>The report of a day, however its bill came.</summary>
public class DayReportTests
{
    private static readonly BusinessDay Thursday = House.Friday.Previous;

    [Fact]
    public async Task A_day_whose_bill_came_after_it_was_closed_ties_out_with_what_it_found()
    {
        await using var house = await House.Traded();
        var at = Thursday.Start.AddHours(12);
        var done = await house.Reconciliation.Import(
            Channel.Sandbox, Thursday, Bill(Row("B7", 5_00, at)), null, House.By, default);
        done.Completed!.BookedOn.ShouldBe(BusinessDay.Of(house.Clock.Now));

        var report = await Report(house);
        (report.Channels.Single().Ties, report.DifferenceCount).ShouldBe((true, 1));
        report.Differences.Single().Number.ShouldBe("B7");

        // Corrected on yet another day, the row that finance knows stays, and so does what stands beside it.
        house.Clock.Now = house.Clock.Now.AddDays(1);
        (await house.Reconciliation.Import(
            Channel.Sandbox, Thursday, Bill(Row("B8", 6_00, at)), "sent again", House.By, default)).Refusal
            .ShouldBeNull();
        report = await Report(house);
        report.Channels.Single().Ties.ShouldBeTrue();
        var gone = report.Differences.Single();
        (gone.Number, gone.Status, gone.AgeDays, gone.Action).ShouldBe(("B7", "已撤回", null, ""));
    }

    [Fact]
    public async Task Each_merchants_rows_stand_beside_each_other_though_the_bill_names_only_our_own_number()
    {
        await using var house = await House.Traded();
        var at = House.Friday.Start.AddHours(12);
        string Ours(string orderNo) => $"{PaymentId.Of(new("m1"), orderNo)}";
        await house.Reconciliation.Import(
            Channel.Sandbox, House.Friday,
            Bill(Row(Ours("A1"), 10_00, at), Row(Ours("A2"), 20_00, at), Row("B7", 5_00, at)), null, House.By, default);
        await house.CatchUp();
        var report = await new LedgerReports(house.Views, house.Archive, house.Clock).OfDay(House.Friday, default);
        using var file = new MemoryStream();
        await ReconciliationWorkbook.Write(file, report, House.Friday.Next.Start, default);
        using var book = new WorkbookReader(file, "day.xlsx");
        book.Rows("按商户").Select(row => $"{row[1]} {row[3]} {row[4]} {row[8]} {row[9]} {row[13]}").Skip(1).Take(2)
            .ShouldBe(["1900000109 1 5.00 0 0.00 1", "m1 2 30.00 2 30.00 4"]);
        book.Rows("渠道账单").Skip(1).Take(3).Select(row => row[9]).ShouldAllBe(number => number == "1900000109");
    }

    [Fact]
    public void A_file_with_a_trade_bill_and_a_fund_flow_is_refused_so_that_neither_is_lost()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var write in new Action<Stream>[]
            {
                file => TradeBillWriter.Write(file, []), file => FundFlowWriter.Write(file, [], "1900000109"),
            })
            {
                using var entry = archive.CreateEntry("bill.csv").Open();
                write(entry);
            }
        }

        Should.Throw<BillRejectedException>(() => ReadBill.Of(
            Channel.WeChatPay, Thursday, null, new("both.zip", zip.ToArray()))).Expected
            .ShouldStartWith("a trade bill or a fund flow, not both");
    }

    private static async Task<ReconciliationReport> Report(House house)
    {
        await house.CatchUp();
        return await new LedgerReports(house.Views, house.Archive, house.Clock).OfDay(Thursday, default);
    }

    private static ChannelBillFile Bill(params TradeBillRow[] rows)
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows);
        return new("bill.csv", file.ToArray());
    }

    private static TradeBillRow Row(string number, long fen, DateTimeOffset at) => new()
    {
        TradeTime = at, AppId = "wx", MerchantNumber = "1900000109", TransactionId = $"4200{number}",
        OutTradeNo = number, TradeType = "NATIVE", TradeState = TradeState.Success,
        SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY),
    };
}
