using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>Statements of the bank: looked at, mapped, imported once, and held against our books.</summary>
public class StatementTests
{
    private const string Bank = "cmb-basic";
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task Where_the_saved_mapping_does_not_fit_another_one_is_guessed_and_that_is_said()
    {
        await using var house = await House.Open();
        var old = Gbk("""
            交易日期,支出金额,收入金额,余额,交易流水号,对方户名,摘要
            20261120,,1000.00,1000.00,N001,财付通,结算
            """);
        var saved = (await house.Statements.Preview(Bank, old, null, default)).Mapping;
        await house.Statements.Save(Bank, saved, House.By, default);
        var renamed = Gbk("""
            记账日期,借方发生额,贷方发生额,账户余额,流水号,对方户名,摘要
            20261121,,500.00,1500.00,N002,财付通,结算
            """);

        var preview = await house.Statements.Preview(Bank, renamed, null, default);
        (preview.IsSaved, preview.Mapping.Date, preview.Mapping.In, preview.Count).ShouldBe(
            (false, "记账日期", "贷方发生额", 1));
        preview.Misfit.ShouldContain("statement_headings_missing");
        (await house.Statements.Preview(Bank, old, null, default)).Misfit.ShouldBeEmpty();
        (await Should.ThrowAsync<StatementRejectedException>(
            () => house.Statements.Preview(Bank, renamed, saved, default))).Message.ShouldContain(
            "jifu money preview --out FILE guesses the mapping anew");
    }

    [Fact]
    public async Task A_statement_is_guessed_shown_saved_and_read_the_same_way()
    {
        await using var house = await House.Open();
        var file = Gbk("""
            账号：,6225880000000000
            交易日期,交易时间,支出金额(元),收入金额(元),余额（元）,交易流水号,对方户名,摘要
            20261120,09:30:00,,"1,000.00",1000.00,N001,财付通,结算
            20261120,10:00:00,200.50,,799.50,N002,茶馆,代付
            合计,,200.50,1000.00,,,,
            """);
        var preview = await house.Statements.Preview(Bank, file, null, default);
        preview.Mapping.ShouldBe(new(
            "交易日期", "yyyyMMdd", "gb18030", ",", 0, "交易时间", "HH:mm:ss", null, null, null, null, "收入金额(元)",
            "支出金额(元)", "余额（元）", "交易流水号", "对方户名", "摘要"));
        preview.Lines.Select(line => $"{line.At:MM-dd HH:mm} {line.Amount} {line.Balance} {line.Reference} {line.Note}")
            .ShouldBe(["11-20 09:30 CNY 1000.00 CNY 1000.00 N001 结算", "11-20 10:00 CNY -200.50 CNY 799.50 N002 代付"]);
        (preview.Break, preview.IsSaved).ShouldBe(("", false));

        (await house.Statements.Import(Bank, file, House.By, default)).Refusal!.Code
            .ShouldBe("statement_mapping_missing");
        (await house.Statements.Save(Bank, preview.Mapping, House.By, default)).ShouldBeNull();
        (await house.Statements.Preview(Bank, file, null, default)).IsSaved.ShouldBeTrue();
        (await house.Statements.Import(Bank, file, House.By, default)).Imported!.NewRows.ShouldBe(2);
        (await house.Statements.Save(Bank, preview.Mapping with { Balance = null }, House.By, default))!.Code
            .ShouldBe("statement_mapping_in_use");
        (await house.Statements.Save(Bank, preview.Mapping with { Note = null }, House.By, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Overlapping_statements_import_each_line_once_and_the_same_file_nothing()
    {
        await using var house = await House.Open();
        await Save(house);
        var first = Csv("2026-11-19,5.00,5.00,A", "2026-11-20,7.00,12.00,B", "2026-11-20,7.00,19.00,B");
        var second = Csv("2026-11-20,7.00,12.00,B", "2026-11-20,7.00,19.00,B", "2026-11-21,1.00,20.00,C");
        (await Import(house, first)).Imported!.NewRows.ShouldBe(3);
        (await Import(house, second)).Imported!.NewRows.ShouldBe(1);
        var head = await house.Log.Head(default);
        (await Import(house, second with { FileName = "again.csv" })).AlreadyThere.ShouldBeTrue();
        (await house.Log.Head(default)).ShouldBe(head);
        (await Lines(house)).Sum(line => line.AmountMinor).ShouldBe(20_00);
    }

    [Fact]
    public async Task A_statement_that_cannot_be_read_imports_nothing_and_names_the_cell()
    {
        await using var house = await House.Open();
        await Save(house);
        var head = await house.Log.Head(default);
        (await Refused("2026-11-19,5.00,5.00,A", "2026-11-20,7.005,12.00,B"))
            .ShouldBe(
                "s.csv, cell B3: statement_amount_malformed: expected an amount of yuan with at most two decimals, "
                + "not '7.005'");
        (await Refused("20.11.2026,5.00,5.00,A"))
            .ShouldBe("s.csv, cell A2: statement_time_malformed: expected a time like yyyy-MM-dd, not '20.11.2026'");
        (await Refused()).ShouldStartWith("s.csv: statement_empty: expected a line below the headings");
        (await Should.ThrowAsync<StatementRejectedException>(Import(house, new("s.csv", "日期,金额\n"u8.ToArray()))))
            .Message.ShouldStartWith("s.csv, line 1: statement_headings_missing: expected a line with the head");
        (await house.Log.Head(default)).ShouldBe(head);

        async Task<string> Refused(params string[] rows) =>
            (await Should.ThrowAsync<StatementRejectedException>(Import(house, Csv(rows)))).Message;
    }

    [Fact]
    public async Task A_line_is_how_we_learn_of_a_channels_money_and_confirms_a_payout()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1);
        await house.Pay("m1", "A1", 100_00);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        await house.Days.Close(Friday, House.By, default);
        await house.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [
            new ReconciliationEvent.BillImported(
                Channel.Sandbox, Friday, "b", "0", 1, Yuan(100_00), Yuan(0), Yuan(38), house.Clock.Now),
            new ReconciliationEvent.Completed(
                Channel.Sandbox, Friday, 1, 0, 0, 0, Yuan(99_62), Yuan(99_62), house.Clock.Now)]);
        await Save(house);
        var report = await Import(house, Csv(
            "2026-11-21,99.62,99.62,CHANNEL-1", "2026-11-21,-99.40,0.22,PAYOUT-1", "2026-11-21,3.33,3.55,WHAT-IS-IT"));
        report.Matched.ShouldBe(1);
        (await house.Bank.Confirm(
            Bank, (await Lines(house))[0].Line, [$"funds:sandbox:{Friday}"], new("another", "test"), default))
            .ShouldBeNull();

        var matched = (await Lines(house)).ToDictionary(line => line.Reference, line => line.MatchedTo);
        matched["CHANNEL-1"].ShouldBe($"funds:sandbox:{Friday}");
        matched["PAYOUT-1"].ShouldStartWith("settlement:");
        matched["WHAT-IS-IT"].ShouldBe("");
        (await Expected(house)).ShouldBeEmpty();
        (await house.Reconciliation.Run(Channel.Sandbox, Friday, House.By, default)).FundsReceived.ShouldBeTrue();
        (await house.Bank.Run(House.By, default)).ShouldBe(0);

        // Who confirmed it does not take it back; a payout that a line only confirmed is open again.
        var lines = (await Lines(house)).ToDictionary(line => line.Reference, line => line.Line);
        (await house.Bank.Undo(Bank, lines["CHANNEL-1"], "wrong", new("another", "test"), default))!.Code
            .ShouldBe("statement_needs_another_person");
        (await Undo("WHAT-IS-IT"))!.Code.ShouldBe("statement_line_not_matched");
        (await Undo("PAYOUT-1")).ShouldBeNull();
        (await Expected(house)).ShouldHaveSingleItem().Id.ShouldStartWith("settlement:");

        Task<Refusal?> Undo(string reference) => house.Bank.Undo(Bank, lines[reference], "wrong", House.By, default);
    }

    private static async Task Save(House house) => (await house.Statements.Save(
        Bank, new("日期", "yyyy-MM-dd", "utf-8", ",", 0, Amount: "金额", Balance: "余额", Reference: "流水号"), House.By,
        default)).ShouldBeNull();

    private static Task<StatementReport> Import(House house, ChannelBillFile file) =>
        house.Statements.Import(Bank, file, House.By, default);

    private static async Task<IReadOnlyList<StatementLineRow>> Lines(House house)
    {
        await house.CatchUp();
        return await new StatementQueries(house.Views).Lines(Friday.Previous, Friday.Next, false, default);
    }

    private static async Task<IReadOnlyList<ExpectedMoneyRow>> Expected(House house)
    {
        await house.CatchUp();
        return await new StatementQueries(house.Views).Expected(new(Friday.Date.AddYears(-60)), Friday.Next, default);
    }

    private static Money Yuan(long fen) => new(fen, Currency.CNY);

    private static ChannelBillFile Csv(params string[] rows) =>
        new("s.csv", Encoding.UTF8.GetBytes($"日期,金额,余额,流水号\n{string.Join("\r\n", rows)}"));

    private static ChannelBillFile Gbk(string text) => new(
        "s.csv", CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(text));
}
