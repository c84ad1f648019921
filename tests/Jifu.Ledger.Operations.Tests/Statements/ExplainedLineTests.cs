using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Journal;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>One movement in several lines, and what lines are beyond what was expected: said by one, approved by
/// another, to the fen; and taken back.</summary>
public class ExplainedLineTests
{
    private static readonly BusinessDay Friday = House.Friday;
    private static readonly Account Receivable = Account.Receivable(Channel.Sandbox);

    [Fact]
    public async Task One_movement_in_two_lines_is_proposed_and_booked_on_another_persons_word()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 1_000_00);
        await desk.Brings("600.00,PART-1,沙箱", "400.00,PART-2,沙箱", "55.00,OTHER-1,茶馆");
        (await desk.Stands(Friday), await desk.Booked()).ShouldBe(("outstanding", 0));
        var proposed = (await desk.House.Bank.Proposals(Friday, Friday.Next, default)).ShouldHaveSingleItem();
        (proposed.How, string.Join(' ', proposed.Lines.Select(line => line.Reference).Order()), proposed.To[0].Id)
            .ShouldBe(("lines", "PART-1 PART-2", Funds(Friday)));

        (await desk.Confirm("PART-1", Bo, Friday)).ShouldBe("statement_amounts_differ");
        (await desk.ConfirmTogether(Bo, Funds(Friday), "PART-1", "OTHER-1")).ShouldBe("statement_amounts_differ");
        (await desk.ConfirmTogether(Mei, Funds(Friday), "PART-1", "PART-2")).ShouldBe("statement_needs_another_person");
        (await desk.ConfirmTogether(Bo, Funds(Friday), "PART-1", "PART-2")).ShouldBeNull();
        ((await desk.Line("PART-1")).MatchedTo, (await desk.Line("PART-2")).MatchedTo)
            .ShouldBe((Funds(Friday), Funds(Friday)));
        (await desk.Stands(Friday), await desk.OpenMoney(), await desk.Booked()).ShouldBe(("confirmed", "", 1_000_00));
        (await OpenEnds(desk)).ShouldBeEmpty();

        (await desk.LinesOfDay(Friday)).ShouldBe(
            $"{Friday.Next} 600.00 沙箱 PART-1, {Friday.Next} 400.00 沙箱 PART-2");

        // Either line takes both back.
        (await desk.Undo("PART-2", Bo)).ShouldBe("statement_needs_another_person");
        (await desk.Undo("PART-2", Mei)).ShouldBeNull();
        (await desk.Line("PART-1")).MatchedBy.ShouldBeNull();
        (await desk.Stands(Friday), await desk.Booked()).ShouldBe(("outstanding", 0));
        (await desk.House.Bank.Proposals(Friday, Friday.Next, default)).ShouldBeEmpty();
        await desk.Same();
    }

    [Fact]
    public async Task What_a_channel_paid_less_is_a_fee_when_two_persons_say_so_and_the_day_goes()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 1_000_00);
        await desk.Brings("999.00,SHORT-1,沙箱");
        (await desk.Confirm("SHORT-1", Bo, Friday)).ShouldBe("statement_amounts_differ");
        (await OpenEnds(desk)).ShouldBe([$"{Friday} funds_not_received sandbox"]);

        var id = await desk.Explain(Mei, Account.BankFee, [Funds(Friday)], "SHORT-1");
        (await desk.Explain(Mei, Account.BankFee, [Funds(Friday)], "SHORT-1")).ShouldBe(id);
        (await desk.Explain(Mei, Account.BankFee, [], "SHORT-1")).ShouldBe("statement_explanation_open");
        (await desk.House.Explanations.Open(default)).ShouldHaveSingleItem().Amount.ShouldBe(Yuan(-1_00));
        (await desk.Balance(Account.Bank)).ShouldBe(0);
        (await desk.Approve(id, new("mei.2", "mei"))).ShouldBe("statement_needs_another_person");
        (await desk.Approve(id, Bo)).ShouldBeNull();
        (await desk.Approve(id, Bo)).ShouldBe("statement_explanation_not_found");
        (await Books(desk)).ShouldBe((999_00, 1_00, -1_000_00));
        (await desk.Stands(Friday), await desk.OpenMoney()).ShouldBe(("confirmed", ""));
        (await OpenEnds(desk)).ShouldBeEmpty();

        (await desk.Undo("SHORT-1", Bo)).ShouldBe("statement_needs_another_person");
        (await desk.Undo("SHORT-1", Mei)).ShouldBeNull();
        (await Books(desk)).ShouldBe((0, 0, 0));
        (await desk.Stands(Friday)).ShouldBe("outstanding");
        await desk.Same();
    }

    [Fact]
    public async Task Two_lines_and_a_fee_are_one_movement()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 1_000_00);
        await desk.Brings("600.00,PART-1,沙箱", "399.50,PART-2,沙箱");
        var id = await desk.Explain(Mei, Account.BankFee, [Funds(Friday)], "PART-1", "PART-2");
        (await desk.Approve(id, Bo)).ShouldBeNull();
        (await Books(desk)).ShouldBe((999_50, 50, -1_000_00));
        (await desk.Undo("PART-2", Mei)).ShouldBeNull();
        (await Books(desk)).ShouldBe((0, 0, 0));
        await desk.Same();
    }

    [Fact]
    public async Task Lines_that_are_only_the_banks_go_to_an_account_and_are_open_no_more()
    {
        await using var desk = await BankDesk.Open();
        await desk.Brings("-35.00,FEE-1,", "12.34,INTEREST-1,", "-100.00,MOVE-1,", "3.33,WHO-1,");
        (await desk.Explain(Mei, Account.Available(new("m1")), [], "WHO-1")).ShouldBe("statement_account_not_admitted");
        (await desk.Explain(Mei, new(AccountKind.ChannelCost, "nobody"), [], "WHO-1"))
            .ShouldBe("statement_account_not_admitted");
        foreach (var (line, account) in new[]
        {
            ("FEE-1", Account.BankFee), ("INTEREST-1", Account.BankInterest), ("MOVE-1", Account.OwnTransfer),
            ("WHO-1", Account.BankSuspense),
        })
        {
            (await desk.Approve(await desk.Explain(Mei, account, [], line), Bo)).ShouldBeNull();
        }

        (await desk.Queries.Lines(Friday, Friday.Next, true, default)).ShouldBeEmpty();
        var fee = await desk.Line("FEE-1");
        (fee.MatchedBy, fee.MatchedTo, fee.ExplainedAs, fee.ExplainedMinor)
            .ShouldBe(("explained", "", "bank_fee", -35_00L));
        (await desk.Balance(Account.Bank), await desk.Balance(Account.BankFee),
            await desk.Balance(Account.BankInterest), await desk.Balance(Account.OwnTransfer))
            .ShouldBe((-119_33, 35_00, -12_34, 100_00));

        // Finance's fund flow has the line and the reason.
        var flow = new List<string>();
        await foreach (var row in new DayQueries(desk.House.Views).Lines(
            BusinessDay.Of(desk.House.Clock.GetUtcNow()), default))
            flow.Add($"{row.Account} {row.AmountMinor}: {row.BankLine}, {row.Reason}");
        flow[..2].ShouldBe([
            $"bank -3500: icbc {Friday.Next} -35.00 FEE-1, told by the bank",
            $"bank_fee 3500: icbc {Friday.Next} -35.00 FEE-1, told by the bank",
        ]);

        // Who it was is known by now: it goes to another account.
        (await desk.Undo("WHO-1", Mei)).ShouldBeNull();
        (await desk.Balance(Account.BankSuspense)).ShouldBe(0);
        (await desk.Approve(await desk.Explain(Bo, Account.BankInterest, [], "WHO-1"), Mei)).ShouldBeNull();
        (await desk.Balance(Account.BankInterest)).ShouldBe(-15_67);
        await desk.Same();
    }

    [Fact]
    public async Task What_was_proposed_of_another_amount_is_not_approved()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 1_000_00);
        await desk.Brings("999.00,SHORT-1,沙箱");
        var id = await desk.Explain(Mei, Account.BankFee, [Funds(Friday)], "SHORT-1");
        await desk.OwesInstead(Friday, 1_001_00);
        (await desk.Approve(id, Bo)).ShouldBe("statement_amounts_differ");
        (await desk.House.Explanations.Reject(id, "another bill", Bo, default)).ShouldBeNull();
        (await desk.House.Explanations.Reject(id, "another bill", Bo, default))!.Code
            .ShouldBe("statement_explanation_not_found");

        await desk.OwesInstead(Friday, 999_00);
        (await desk.Explain(Mei, Account.BankFee, [Funds(Friday)], "SHORT-1"))
            .ShouldBe("statement_nothing_to_explain");
        (await desk.House.Bank.Run(Mei, default)).ShouldBe(1);
        (await Books(desk)).ShouldBe((999_00, 0, -999_00));
    }

    [Fact]
    public async Task A_fee_and_its_reversal_are_explained_at_once_and_come_to_nothing()
    {
        await using var desk = await BankDesk.Open();
        await desk.Brings("-35.00,FEE-1,", "35.00,BACK-1,", "-10.00,FEE-2,", "-20.00,FEE-3,");
        (await desk.Approve(await desk.Explain(Mei, Account.BankFee, [], "FEE-1", "BACK-1"), Bo)).ShouldBeNull();
        (await desk.Approve(await desk.Explain(Mei, Account.BankFee, [], "FEE-2", "FEE-3"), Bo)).ShouldBeNull();
        (await Books(desk)).ShouldBe((-30_00, 30_00, 0));
        (await desk.Queries.Lines(Friday, Friday.Next, true, default)).ShouldBeEmpty();
        (await desk.Undo("BACK-1", Mei)).ShouldBeNull();
        (await desk.Queries.Lines(Friday, Friday.Next, true, default)).Count.ShouldBe(2);
        (await Books(desk)).ShouldBe((-30_00, 30_00, 0));
        await desk.Same();
    }

    [Fact]
    public async Task Large_amounts_that_level_each_other_are_worth_a_second_look()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 10_000_00);
        await desk.Brings(
            "1000000.00,IN-1,", "-999999.00,OUT-1,", "-35.00,FEE-1,", "35.00,BACK-1,",
            "9999.00,MOST-1,沙箱", "500000.00,IN-2,", "-499998.00,OUT-2,");
        var large = await desk.Explain(Mei, Account.BankInterest, [], "IN-1", "OUT-1");
        var usual = await desk.Explain(Mei, Account.BankFee, [], "FEE-1", "BACK-1");
        var beside = await desk.Explain(Mei, Account.BankInterest, [Funds(Friday)], "MOST-1", "IN-2", "OUT-2");
        var waiting = await desk.House.Explanations.Open(default);
        waiting.Select(one => (one.Id, one.Amount.MinorUnits)).ShouldBe(
            [(large, 1_00), (usual, 0), (beside, 1_00)], ignoreOrder: true);
        (await desk.House.Explanations.Doubts(waiting, default))
            .ToDictionary(one => one.Key, one => one.Value.Code).ShouldBe(
                new Dictionary<string, string>
                {
                    [large] = "lines_level_each_other", [beside] = "lines_level_each_other",
                }, ignoreOrder: true);
    }

    [Fact]
    public async Task What_contradicts_the_way_the_money_went_is_refused()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 1_000_00);
        await desk.Brings("-12.34,OUT-1,", "35.00,IN-1,", "1001.00,MORE-1,沙箱");
        (await desk.Explain(Mei, Account.BankInterest, [], "OUT-1")).ShouldBe("statement_explanation_contradicts");
        (await desk.Explain(Mei, Account.BankFee, [], "IN-1")).ShouldBe("statement_explanation_contradicts");
        (await desk.Explain(Mei, Account.BankFee, [Funds(Friday)], "MORE-1"))
            .ShouldBe("statement_explanation_contradicts");
        (await desk.House.Explanations.Open(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Amounts_are_told_to_people_in_yuan()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(Friday, 1_000_00);
        await desk.Brings("999.00,SHORT-1,沙箱");
        var line = (await desk.Line("SHORT-1")).Line;
        (await desk.House.Bank.Confirm("icbc", line, [Funds(Friday)], Bo, default))!.Detail
            .ShouldBe($"icbc {line}: CNY 1000.00 is expected, and CNY 999.00 came.");
    }

    private static async Task<(long Bank, long Fee, long Receivable)> Books(BankDesk desk) => (
        await desk.Balance(Account.Bank), await desk.Balance(Account.BankFee), await desk.Balance(Receivable));

    private static async Task<IEnumerable<string>> OpenEnds(BankDesk desk)
    {
        await desk.House.CatchUp();
        return (await new OpenEndQueries(desk.House.Views).UpTo(Friday, default)).Select(end => $"{end}");
    }
}
