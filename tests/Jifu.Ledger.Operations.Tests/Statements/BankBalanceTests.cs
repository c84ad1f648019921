using System.Text;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>余额调节表: from our books' bank balance and from the statements', item by item, to the same one.</summary>
public class BankBalanceTests
{
    private static readonly BusinessDay Friday = House.Friday;
    private static readonly BusinessDay Saturday = Friday.Next;
    private static readonly BusinessDay Monday = Saturday.Next.Next;

    [Fact]
    public async Task Each_fen_between_the_two_balances_is_an_item_of_its_own()
    {
        await using var desk = await WithBalances();
        await desk.Owes(Friday, 1_000_00);
        await desk.Owes(Friday.Previous, 500_00);
        await Told(desk, Friday.Previous, 500_00);
        await PaidOut(desk, "s1", 200_00);
        await Bring(desk, "icbc", "1000.00,6000.00,N1,沙箱", "-35.00,5965.00,FEE-1,", "3.33,5968.33,WHO-1,茶馆");

        // 1000.00 + 500.00 - 200.00 are booked; the bank had 5000.00 before its first line.
        (await Told(desk, Saturday)).ShouldBe(
            """
            books 130000, statements icbc 596833
            before_statements 500000 icbc
            we_received 50000 funds:sandbox:2026-11-19
            bank_paid -3500 icbc FEE-1
            bank_received 333 icbc WHO-1
            we_paid -20000 settlement:s1
            adjusted 626833 = 626833
            """);
        await desk.Same();
    }

    [Fact]
    public async Task What_was_explained_on_Monday_is_no_item_from_Monday_on_and_still_one_of_Saturday()
    {
        await using var desk = await WithBalances();
        await Bring(desk, "icbc", "-35.00,4965.00,FEE-1,");
        (await desk.Approve(await desk.Explain(Mei, Account.BankFee, [], "FEE-1"), Bo)).ShouldBeNull();
        (await Told(desk, Saturday)).ShouldBe(
            """
            books 0, statements icbc 496500
            before_statements 500000 icbc
            bank_paid -3500 icbc FEE-1
            adjusted 496500 = 496500
            """);
        (await Told(desk, Monday)).ShouldBe(
            """
            books -3500, statements icbc 496500
            before_statements 500000 icbc
            adjusted 496500 = 496500
            """);
    }

    [Fact]
    public async Task A_fee_whose_reversal_comes_on_Monday_is_on_Saturdays_sheet_with_its_own_line()
    {
        await using var desk = await WithBalances();
        await Bring(desk, "icbc", "-35.00,4965.00,FEE-1,");
        await Bring(desk, Monday, "icbc", "35.00,5000.00,BACK-1,");
        var lines = (await desk.Queries.Lines(Friday, Monday, false, default))
            .ToDictionary(line => line.Reference, line => line.Line);
        var (proposed, _) = await desk.House.Explanations.Propose(
            "icbc", [lines["BACK-1"], lines["FEE-1"]], [], Account.BankFee, "given back", Mei, default);
        (await desk.Approve(proposed!.Id, Bo)).ShouldBeNull();
        (await Told(desk, Saturday)).ShouldBe(
            """
            books 0, statements icbc 496500
            before_statements 500000 icbc
            bank_paid -3500 icbc FEE-1
            adjusted 496500 = 496500
            """);
        var gap = (await Of(desk, Saturday)).Items.Single(item => item.Kind == "bank_paid").Gap!;
        (gap.Day, gap.Line).ShouldBe((Saturday, lines["FEE-1"]));
        (await Told(desk, Monday)).ShouldBe(
            """
            books 0, statements icbc 500000
            before_statements 500000 icbc
            adjusted 500000 = 500000
            """);
    }

    [Fact]
    public async Task Statements_of_several_banks_are_summed_and_each_is_shown()
    {
        await using var desk = await WithBalances();
        await Map(desk, "boc");
        await Bring(desk, "icbc", "-100.00,4900.00,MOVE-1,");
        await Bring(desk, "boc", "100.00,100.00,MOVE-2,");
        (await desk.Approve(await desk.Explain(Mei, Account.OwnTransfer, [], "MOVE-1"), Bo)).ShouldBeNull();
        (await Told(desk, Monday)).ShouldBe(
            """
            books -10000, statements boc 10000 icbc 490000
            before_statements 500000 icbc
            bank_received 10000 boc MOVE-2
            adjusted 500000 = 500000
            """);
    }

    [Fact]
    public async Task Lines_that_a_statement_lacks_are_a_rest_that_nothing_explains()
    {
        await using var desk = await WithBalances();
        await Bring(desk, "icbc", "10.00,5010.00,N1,");
        await Bring(desk, Monday, "icbc", "20.00,5037.00,N2,");
        var balance = await Of(desk, Monday);
        (balance.StatementMinor, balance.AdjustedBookMinor, balance.RestMinor).ShouldBe((5_037_00, 5_030_00, 7_00));
        (await Of(desk, Saturday)).RestMinor.ShouldBe(0);
    }

    [Fact]
    public async Task Without_balances_it_is_not_guessed()
    {
        await using var desk = await BankDesk.Open();
        await desk.Brings("10.00,N1,");
        var balance = await Of(desk, Saturday);
        (balance.StatementMinor, balance.RestMinor, balance.Items.Single().AmountMinor)
            .ShouldBe((null, null, 10_00));
        (await Of(desk, Friday)).Accounts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Its_file_says_the_same_in_Chinese()
    {
        await using var desk = await WithBalances();
        await Bring(desk, "icbc", "-35.00,4965.00,FEE-1,");
        using var file = new MemoryStream();
        BankBalanceSheet.Write(file, await Of(desk, Saturday));
        var rows = Encoding.UTF8.GetString(file.ToArray()).Split("\r\n");
        rows[1..^1].Select(row => string.Join(',', row.Split(',')[..4])).ShouldBe([
            $"企业银行存款账面余额,,{Saturday},0.00", "对账单起点前余额,icbc,,5000.00", $"银行已付企业未付,icbc,{Saturday},-35.00",
            $"调节后账面余额,,{Saturday},4965.00", $"银行对账单余额,icbc,{Saturday},4965.00",
            $"调节后对账单余额,,{Saturday},4965.00", $"未解释差额,,{Saturday},0.00",
        ]);
    }

    private static async Task<BankDesk> WithBalances()
    {
        var desk = await BankDesk.Open();
        await Map(desk, "icbc");
        return desk;
    }

    private static async Task Map(BankDesk desk, string account) => (await desk.House.Statements.Save(
        account,
        new(
            "日期", "yyyy-MM-dd", "utf-8", ",", 0, Amount: "金额", Balance: "余额", Reference: "流水号",
            Counterparty: "对方户名"),
        Mei, default)).ShouldBeNull();

    private static Task Bring(BankDesk desk, string account, params string[] lines) =>
        Bring(desk, Saturday, account, lines);

    private static async Task Bring(BankDesk desk, BusinessDay day, string account, params string[] lines) =>
        (await desk.House.Statements.Import(
            account,
            new("s.csv", Encoding.UTF8.GetBytes("日期,金额,余额,流水号,对方户名\n"
                + string.Join('\n', lines.Select(line => $"{day},{line}")))), Mei, default))
            .Imported!.NewRows.ShouldBe(lines.Length);

    // The channel tells what it paid; no line has it.
    private static Task Told(BankDesk desk, BusinessDay day, long fen) => desk.House.Tell<ReconciliationEvent>(
        "reconciliation", $"sandbox_{day}",
        [
            new ReconciliationEvent.FundsReceived(
                Channel.Sandbox, day, Yuan(fen), Yuan(0), "CHANNEL-1", desk.House.Clock.Now),
        ]);

    private static Task PaidOut(BankDesk desk, string id, long fen) => desk.House.Tell<SettlementEvent>(
        "settlement", id,
        [
            new SettlementEvent.Ordered(
                new("m1"), new("b1"), Channel.Sandbox, Friday, SettlementTerm.T1, Yuan(fen), "account of m1",
                Saturday.Start),
            new SettlementEvent.PayoutSent(new("m1"), Yuan(fen), $"{id}-1", Saturday, Saturday.Start),
            new SettlementEvent.PayoutConfirmed(
                new("m1"), Yuan(fen), "BANK-1", Saturday, Saturday.Start.AddHours(2)),
        ]);

    private static async Task<BankBalance> Of(BankDesk desk, BusinessDay day)
    {
        await desk.House.CatchUp();
        return await new BankBalanceSheet(new(desk.House.Views), desk.House.Projector).Of(day, default);
    }

    private static async Task<string> Told(BankDesk desk, BusinessDay day)
    {
        var balance = await Of(desk, day);
        return string.Join('\n', (string[])
        [
            $"books {balance.BookMinor}, statements "
                + string.Join(' ', balance.Accounts.Select(one => $"{one.Account} {one.BalanceMinor}")),
            .. balance.Items.Select(item => string.Join(' ', new[]
            {
                item.Kind, $"{item.AmountMinor}", item.Account, item.Gap?.Movements, item.Gap?.Reference,
            }.Where(part => !string.IsNullOrEmpty(part)))),
            $"adjusted {balance.AdjustedBookMinor} = {balance.AdjustedStatementMinor}",
        ]);
    }
}
