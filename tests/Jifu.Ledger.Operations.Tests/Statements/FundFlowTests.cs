using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>The third side: a channel's fund flow beside its trade bill.</summary>
public class FundFlowTests
{
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task A_fund_flow_that_moves_what_the_bill_says_makes_the_day_three_sided_whichever_comes_first()
    {
        await using var house = await House.Traded();
        var flow = Flow(
            "12:00:00,4200A1,交易,收入,10.00,110.00", "12:00:00,4200A1,扣除交易手续费,支出,0.04,109.96",
            "12:00:01,4200A2,交易,收入,20.00,129.88", "12:00:01,4200A2,扣除交易手续费,支出,0.08,109.88",
            "18:00:00,W1,提现,支出,50.00,79.88");
        (await Import(house, flow)).Refusal.ShouldBeNull();
        (await Sides(house)).FundFlow.ShouldBe("waiting");
        (await Import(house, Bill(Row("A1", 10_00), Row("A2", 20_00)))).Completed!.Differences.ShouldBe(0);
        var sides = await Sides(house);
        (sides.Trade, sides.FundFlow, sides.FundFlowDifferences, sides.FundFlowBreak, sides.Bank)
            .ShouldBe(("completed", "checked", 0, "", "outstanding"));
        var head = await house.Log.Head(default);
        (await Import(house, flow)).AlreadyThere.ShouldBeTrue();
        (await house.Log.Head(default)).ShouldBe(head);
    }

    [Fact]
    public async Task Money_that_is_missing_differs_or_is_for_nothing_we_know_is_a_difference_until_a_file_corrects_it()
    {
        await using var house = await House.Traded();
        await Import(house, Bill(Row("A1", 10_00), Row("A2", 20_00)));
        await Import(house, Flow(
            "12:00:00,4200A1,交易,收入,9.00,109.00", "13:00:00,X9,其他,支出,3.00,105.00"));
        (await Differences(house)).ShouldBe(
            ["funds_differ -96", "funds_missing -1992", "funds_unexplained -300"]);
        (await Sides(house)).FundFlowBreak
            .ShouldBe("line 3 after line 2: the balance should be CNY 106.00, and is CNY 105.00");

        var right = Flow(
            "12:00:00,4200A1,交易,收入,9.96,109.96", "12:00:01,4200A2,交易,收入,19.92,129.88");
        (await Import(house, right)).Refusal!.Code.ShouldBe("bill_already_imported");
        (await Import(house, right, "the channel sent it again")).Refusal.ShouldBeNull();
        (await Differences(house)).ShouldBeEmpty();
        (await new ImportQueries(house.Views).OfDay(Friday, default)).Select(one => (one.Kind, one.Supersedes is null))
            .ShouldBe([("fund_flow", true), ("fund_flow", false), ("trade", true)]);
    }

    private static Task<ReconciliationReport> Import(House house, ChannelBillFile file, string? reason = null) =>
        house.Reconciliation.Import(Channel.Sandbox, Friday, file, reason, House.By, default);

    private static async Task<ThreeSidesRow> Sides(House house)
    {
        await house.CatchUp();
        return (await new ThreeSidesQueries(house.Views).OfDay(Friday, default)).ShouldHaveSingleItem();
    }

    private static async Task<IEnumerable<string>> Differences(House house)
    {
        await house.CatchUp();
        return (await new ReconciliationQueries(house.Views).Differences(Friday, default))
            .Select(one => $"{one.Class} {one.ExcessMinor}").Order();
    }

    private static TradeBillRow Row(string orderNo, long fen) => new()
    {
        TradeTime = Friday.Start.AddHours(12), AppId = "wx", MerchantNumber = "1900000109",
        TransactionId = $"4200{orderNo}", OutTradeNo = $"{PaymentId.Of(new("m1"), orderNo)}", TradeType = "NATIVE",
        TradeState = TradeState.Success, SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY),
        FeeHundredThousandths = new Money(fen, Currency.CNY).RoundedHalfEven(3800, 1_000_000).MinorUnits * 1000,
    };

    private static ChannelBillFile Bill(params TradeBillRow[] rows)
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows);
        return new("bill.csv", file.ToArray());
    }

    /// <param name="rows">Time, number, business, direction, amount, balance.</param>
    private static ChannelBillFile Flow(params string[] rows)
    {
        var text = new StringBuilder("记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n");
        foreach (var (at, cells) in rows.Select(row => row.Split(',')).Index())
            text.Append($"`{Friday} {cells[0]},`{cells[1]},`F{at},`{cells[2]},`{cells[2]},`{cells[3]},")
                .Append($"`{cells[4]},`{cells[5]},`API,`,`\r\n");
        var sums = rows.Select(row => row.Split(',')).ToLookup(row => row[3], row => decimal.Parse(row[4]));
        text.Append("资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n");
        text.Append($"`{rows.Length},`{sums["收入"].Count()},`{sums["收入"].Sum():0.00},")
            .Append($"`{sums["支出"].Count()},`{sums["支出"].Sum():0.00}\r\n");
        return new("flow.csv", Encoding.UTF8.GetBytes($"{text}"));
    }
}
