using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Settlement;

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

    [Fact]
    public async Task Days_whose_files_come_in_another_order_come_to_the_same()
    {
        await using var house = await House.Open();
        var (saturday, late) = (Friday.Next, Friday.Next.Start.AddMinutes(-5));
        await house.Register("m1", SettlementTerm.T1);
        house.Clock.Now = late;
        await house.Pay("m1", "A1", 10_00);
        house.Clock.Now = saturday.Start.AddHours(12);
        await house.Pay("m1", "A2", 20_00);
        house.Clock.Now = saturday.Next.Start.AddHours(12);
        await house.CatchUp();

        await Import(house, Bill(Row("A2", 20_00) with { TradeTime = saturday.Start.AddHours(12) }), day: saturday);
        await Import(house, FlowOf(
            saturday, "00:01:00,4200A1,交易,收入,9.96,109.96", "12:00:01,4200A2,交易,收入,19.92,129.88"), day: saturday);
        (await Differences(house, saturday)).ShouldBe(["funds_unexplained 996"]);

        await Import(house, Bill(Row("A1", 10_00) with { TradeTime = late }));
        await Import(house, Flow("12:00:00,W1,充值,收入,90.00,90.00"));
        (await Differences(house, saturday)).ShouldBeEmpty();
        (await Sides(house, saturday)).FundFlowBreak
            .ShouldBe("line 2 after the day before: the balance should be CNY 99.96, and is CNY 109.96");
        var head = await house.Log.Head(default);
        await Import(house, Flow("12:00:00,W1,充值,收入,90.00,90.00"));
        (await house.Log.Head(default)).ShouldBe(head);
    }

    [Fact]
    public async Task Who_is_second_looks_again_so_a_check_is_told_though_money_came_at_the_same_moment()
    {
        await using var house = await House.Traded();
        var meanwhile = 0;
        var log = new GatedLog(house.Log, async _ =>
        {
            if (meanwhile++ == 0)
                await house.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [
                    new ReconciliationEvent.FundsReceived(
                        Channel.Sandbox, Friday, new(9_96, Currency.CNY), Money.Zero(Currency.CNY), "bank",
                        house.Clock.Now)]);
        });
        await Import(house, Bill(Row("A1", 10_00), Row("A2", 20_00)));
        await house.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [await Brought(house)]);
        await new FundFlowImport(
            new(log, LedgerEvents.Codec, house.Desk.Ids), house.Archive, new(house.Views), new(house.Views),
            new([]), house.Clock)
            .Check(Channel.Sandbox, Friday, House.By, default);
        meanwhile.ShouldBe(2);
        (await Sides(house)).FundFlow.ShouldBe("checked");
    }

    // As a run that was killed before its check leaves it.
    private static async Task<ReconciliationEvent> Brought(House house)
    {
        var flow = Flow("12:00:00,4200A1,交易,收入,9.96,109.96", "12:00:01,4200A2,交易,收入,19.92,129.88");
        await house.Archive.Keep(Channel.Sandbox, Friday, flow, "test", default);
        return new ReconciliationEvent.FundFlowImported(
            Channel.Sandbox, Friday, flow.FileName, BillArchive.Sha256Of(flow.Content), 2, new(29_88, Currency.CNY),
            Money.Zero(Currency.CNY), house.Clock.Now);
    }

    internal static Task<ReconciliationOutcome> Import(
        House house, ChannelBillFile file, string? reason = null, BusinessDay? day = null) =>
        house.Reconciliation.Import(Channel.Sandbox, day ?? Friday, file, reason, House.By, default);

    internal static async Task<ThreeSidesRow> Sides(House house, BusinessDay? day = null)
    {
        await house.CatchUp();
        return (await new ThreeSidesQueries(house.Views).OfDay(day ?? Friday, default)).ShouldHaveSingleItem();
    }

    internal static async Task<IEnumerable<string>> Differences(House house, BusinessDay? day = null)
    {
        await house.CatchUp();
        return (await new ReconciliationQueries(house.Views).Differences(day ?? Friday, default))
            .Select(one => $"{one.Class} {one.ExcessMinor}").Order();
    }

    internal static TradeBillRow Row(string orderNo, long fen) => new()
    {
        TradeTime = Friday.Start.AddHours(12), AppId = "wx", MerchantNumber = "1900000109",
        TransactionId = $"4200{orderNo}", OutTradeNo = $"{PaymentId.Of(new("m1"), orderNo)}", TradeType = "NATIVE",
        TradeState = TradeState.Success, SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY),
        FeeHundredThousandths = new Money(fen, Currency.CNY).RoundedHalfEven(3800, 1_000_000).MinorUnits * 1000,
    };

    internal static ChannelBillFile Bill(params TradeBillRow[] rows)
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows);
        return new("bill.csv", file.ToArray());
    }

    /// <param name="rows">Time, number, business, direction, amount, balance.</param>
    internal static ChannelBillFile Flow(params string[] rows) => FlowOf(Friday, rows);

    private static ChannelBillFile FlowOf(BusinessDay day, params string[] rows)
    {
        var text = new StringBuilder("记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n");
        foreach (var (at, cells) in rows.Select(row => row.Split(',')).Index())
            text.Append($"`{day} {cells[0]},`{cells[1]},`F{at},`{cells[2]},`{cells[2]},`{cells[3]},")
                .Append($"`{cells[4]},`{cells[5]},`API,`,`\r\n");
        var sums = rows.Select(row => row.Split(',')).ToLookup(row => row[3], row => decimal.Parse(row[4]));
        text.Append("资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n");
        text.Append($"`{rows.Length},`{sums["收入"].Count()},`{sums["收入"].Sum():0.00},")
            .Append($"`{sums["支出"].Count()},`{sums["支出"].Sum():0.00}\r\n");
        return new("flow.csv", Encoding.UTF8.GetBytes($"{text}"));
    }
}
