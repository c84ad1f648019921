using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;
using static FundFlowTests;

/// <summary>What a channel's fund flow says went to our bank is looked for there, each withdrawal by itself.</summary>
public class WithdrawalTests
{
    private const string First = "12:00:00,4200A1,交易,收入,9.96,109.96";
    private const string Second = "12:00:01,4200A2,交易,收入,19.92,129.88";

    private static readonly BusinessDay Friday = House.Friday;
    private static readonly string Withdrawn = $"withdrawal:sandbox:{Friday}:F2";

    [Fact]
    public async Task A_withdrawal_is_open_until_its_line_arrives_and_the_days_net_is_not_expected_besides()
    {
        await using var desk = await Withdraws("18:00:00,1900W0001,提现,支出,50.00,79.88");
        (await Expected(desk)).ShouldBe([$"{Withdrawn} 5000"]);
        (await desk.Stands(Friday)).ShouldBe("outstanding");

        // The day's net is no line of the bank, and the amount of somebody else no withdrawal.
        await desk.Brings("29.88,NET-1,沙箱", "50.00,SUPPLIER-1,茶馆");
        ((await desk.Line("NET-1")).MatchedTo, (await desk.Line("SUPPLIER-1")).MatchedTo).ShouldBe(("", ""));
        (await Expected(desk)).ShouldBe([$"{Withdrawn} 5000"]);
        (await desk.House.Bank.Proposals(Friday, Friday.Next, default)).ShouldHaveSingleItem().To[0].Id
            .ShouldBe(Withdrawn);

        await desk.Brings("50.00,CHANNEL-1,沙箱支付有限公司");
        (await desk.Line("CHANNEL-1")).MatchedTo.ShouldBe(Withdrawn);
        (await Expected(desk)).ShouldBeEmpty();
        (await desk.Stands(Friday), await Balance(desk, "bank")).ShouldBe(("confirmed", 50_00));
        (await Balance(desk, "channel_receivable:sandbox")).ShouldBe(29_88 - 50_00);
        await desk.Same();
    }

    [Fact]
    public async Task A_line_that_was_not_the_withdrawal_is_taken_back_by_the_counter_entry_and_it_is_open_again()
    {
        await using var desk = await Withdraws("18:00:00,1900W0001,提现,支出,50.00,79.88");
        await desk.Brings("50.00,CHANNEL-1,沙箱");
        (await desk.Undo("CHANNEL-1", Mei)).ShouldBe("statement_needs_another_person");
        (await desk.Undo("CHANNEL-1", Bo)).ShouldBeNull();
        (await Expected(desk)).ShouldBe([$"{Withdrawn} 5000"]);
        (await desk.Stands(Friday), await Balance(desk, "bank")).ShouldBe(("outstanding", 0));

        // The channel's number says what another line is, whoever it names.
        await desk.Brings("50.00,CMB1900W0001,跨行转账");
        (await desk.Line("CMB1900W0001")).MatchedTo.ShouldBe(Withdrawn);
        (await desk.Stands(Friday), await Balance(desk, "bank")).ShouldBe(("confirmed", 50_00));
        await desk.Same();
    }

    [Fact]
    public async Task Each_withdrawal_is_looked_for_by_itself_and_a_top_up_leaves_the_bank()
    {
        await using var desk = await Withdraws(
            "18:00:00,1900W0001,提现,支出,50.00,79.88", "18:01:00,1900W0002,提现,支出,20.00,59.88",
            "18:02:00,1900W0003,充值,收入,7.00,66.88");
        await desk.Brings("70.00,BOTH-1,沙箱", "20.00,CHANNEL-2,沙箱", "-7.00,CHANNEL-3,沙箱");
        ((await desk.Line("BOTH-1")).MatchedTo, (await desk.Line("CHANNEL-2")).MatchedTo)
            .ShouldBe(("", $"withdrawal:sandbox:{Friday}:F3"));
        (await Expected(desk)).ShouldBe([$"{Withdrawn} 5000"]);
        (await desk.Stands(Friday), await Balance(desk, "bank")).ShouldBe(("outstanding", 13_00));
    }

    [Fact]
    public async Task A_withdrawal_that_came_back_is_not_expected_unless_the_bank_has_seen_it()
    {
        await using var desk = await Withdraws(
            "18:00:00,1900W0001,提现,支出,50.00,79.88", "19:00:00,1900W0001,提现退回,收入,50.00,129.88");
        (await Expected(desk)).ShouldBeEmpty();
        (await desk.Stands(Friday)).ShouldBe("at_channel");
    }

    [Fact]
    public async Task A_withdrawal_of_what_the_channel_told_of_is_that_money()
    {
        await using var desk = await Withdraws(
            Told(Friday.Previous, 50_00, "1900W0001"), ["18:00:00,1900W0001,提现,支出,50.00,79.88"]);
        (await Expected(desk)).ShouldBe([$"funds:sandbox:{Friday.Previous} 5000", $"funds:sandbox:{Friday} 2988"]);
        (await desk.Stands(Friday)).ShouldBe("outstanding");
    }

    [Fact]
    public async Task What_a_line_was_booked_for_before_the_fund_flow_came_is_not_expected_again()
    {
        await using var desk = new BankDesk(await House.Traded());
        await Begin(desk);
        await desk.Brings("29.88,CHANNEL-1,沙箱");
        (await desk.Line("CHANNEL-1")).MatchedTo.ShouldBe(Funds(Friday));
        (await Import(desk.House, Flow(First, Second, "18:00:00,1900W0001,提现,支出,29.88,100.00"))).Refusal
            .ShouldBeNull();
        (await Expected(desk)).ShouldBeEmpty();
        (await desk.Stands(Friday), await Balance(desk, "bank")).ShouldBe(("confirmed", 29_88));
    }

    [Fact]
    public async Task What_came_less_a_fee_or_in_two_lines_before_the_fund_flow_is_not_expected_again()
    {
        await using var desk = new BankDesk(await House.Traded());
        await Begin(desk);
        await desk.Brings("28.88,CHANNEL-1,沙箱");
        (await desk.Approve(await desk.Explain(Mei, Account.BankFee, [Funds(Friday)], "CHANNEL-1"), Bo)).ShouldBeNull();
        (await Import(desk.House, Flow(First, Second, "18:00:00,1900W0001,提现,支出,29.88,100.00"))).Refusal
            .ShouldBeNull();
        (await Expected(desk)).ShouldBeEmpty();
        (await desk.Stands(Friday), await Balance(desk, "bank")).ShouldBe(("confirmed", 28_88));

        await using var pieces = new BankDesk(await House.Traded());
        await Begin(pieces);
        await pieces.Brings("20.00,PIECE-1,沙箱", "9.88,PIECE-2,沙箱");
        (await pieces.ConfirmTogether(Bo, Funds(Friday), "PIECE-1", "PIECE-2")).ShouldBeNull();
        (await Import(pieces.House, Flow(First, Second, "18:00:00,1900W0001,提现,支出,29.88,100.00"))).Refusal
            .ShouldBeNull();
        (await Expected(pieces)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_corrected_fund_flow_without_the_withdrawal_expects_none()
    {
        await using var desk = await Withdraws("18:00:00,1900W0001,提现,支出,50.00,79.88");
        (await Import(desk.House, Flow(First, Second), "the channel sent it again")).Refusal.ShouldBeNull();
        (await Expected(desk)).ShouldBeEmpty();
        (await desk.Stands(Friday)).ShouldBe("at_channel");
        await desk.Same();
    }

    [Fact]
    public async Task Withdrawals_of_a_fund_flow_that_an_older_program_checked_are_known_by_the_next_close()
    {
        await using var desk = await Withdraws("18:00:00,1900W0001,提现,支出,50.00,79.88");

        // It noted their sum only.
        var noted = (await desk.EventsOf(Friday)).OfType<ReconciliationEvent.FundFlowChecked>().Last();
        await desk.House.Tell<ReconciliationEvent>(
            "reconciliation", $"sandbox_{Friday}", [noted with { Withdrawals = null }]);
        (await Expected(desk)).ShouldBe([]);
        await desk.Brings("50.00,CHANNEL-1,沙箱支付有限公司");
        (await desk.Line("CHANNEL-1")).MatchedTo.ShouldBe("");

        (await desk.House.Days.CheckOlderFundFlows(Mei, default)).ShouldBe([(Channel.Sandbox, Friday)]);
        (await desk.Line("CHANNEL-1")).MatchedTo.ShouldBe(Withdrawn);
        (await desk.Stands(Friday), await Balance(desk, "bank")).ShouldBe(("confirmed", 50_00));

        var told = (await desk.EventsOf(Friday)).Count;
        (await desk.House.Days.CheckOlderFundFlows(Mei, default)).ShouldBeEmpty();
        (await desk.EventsOf(Friday)).Count.ShouldBe(told);
        await desk.Same();
    }

    [Fact]
    public async Task A_day_whose_money_comes_by_withdrawals_does_not_wait_for_its_net()
    {
        await using var desk = await Withdraws("18:00:00,1900W0001,提现,支出,50.00,79.88");
        (await new OpenEndQueries(desk.House.Views).UpTo(Friday, default)).Select(end => end.Reason)
            .ShouldNotContain("funds_not_received");
    }

    private static Task<BankDesk> Withdraws(params string[] rows) => Withdraws(null, rows);

    // Friday's bill and fund flow, brought three days later.
    private static async Task<BankDesk> Withdraws(ReconciliationEvent.FundsReceived? told, string[] rows)
    {
        var desk = new BankDesk(await House.Traded());
        if (told is not null)
        {
            await desk.Owes(told.Day, told.Amount.MinorUnits);
            await desk.House.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{told.Day}", [told]);
        }

        await Begin(desk);
        (await Import(desk.House, Flow([First, Second, .. rows]))).Refusal.ShouldBeNull();
        (await Sides(desk.House)).FundFlowDifferences.ShouldBe(0);
        return desk;
    }

    private static async Task Begin(BankDesk desk)
    {
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(3);
        (await desk.Map(Mei)).ShouldBeNull();
        (await Import(desk.House, Bill(Row("A1", 10_00), Row("A2", 20_00)))).Completed!.Differences.ShouldBe(0);
    }

    private static ReconciliationEvent.FundsReceived Told(BusinessDay day, long fen, string reference) =>
        new(Channel.Sandbox, day, Yuan(fen), Yuan(0), reference, Friday.Start.AddHours(12));

    private static async Task<IEnumerable<string>> Expected(BankDesk desk)
    {
        await desk.House.CatchUp();
        return (await desk.Queries.Expected(Friday.Previous, Friday.Next, default))
            .Select(row => $"{row.Id} {row.AmountMinor}").Order(StringComparer.Ordinal);
    }

    private static async Task<long> Balance(BankDesk desk, string account)
    {
        await desk.House.CatchUp();
        return (await new JournalQueries(desk.House.Views).Balances(null, AsOf.Now, default))
            .SingleOrDefault(row => row.Account == account)?.BalanceMinor ?? 0;
    }
}
