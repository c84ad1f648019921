using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>Which way a line's money goes, and of what currency it is: never guessed in silence.</summary>
public class StatementSignTests
{
    private static readonly StatementMapping InOut = new(
        "日期", "yyyy-MM-dd", "utf-8", ",", 0, In: "贷方", Out: "借方");

    private static readonly StatementMapping Directed = new(
        "日期", "yyyy-MM-dd", "utf-8", ",", 0, Amount: "金额", Direction: "借贷", OutWords: "借|D");

    [Theory]
    [InlineData("out", "-100.00", "-7.00", "CNY -100.00, CNY -7.00")]
    [InlineData(null, "100.00", "7.00", "CNY -100.00, CNY -7.00")]
    [InlineData("out", "100.00", "-7.00", "CNY -100.00, CNY -7.00")]
    [InlineData("back", "5000.00", "-5000.00", "CNY -5000.00, CNY 5000.00")]
    public void A_minus_before_what_goes_out_means_what_the_bank_means_by_it(
        string? minus, string first, string second, string expected)
    {
        var inOut = Csv("日期,贷方,借方", $"2026-11-20,,{first}", $"2026-11-20,,{second}", "2026-11-20,3.00,");
        Amounts(InOut with { MinusOut = minus }, inOut).ShouldBe($"{expected}, CNY 3.00");
        var directed = Csv(
            "日期,借贷,金额", $"2026-11-20,借,{first}", $"2026-11-20,d,{second}", "2026-11-20,贷,3.00");
        Amounts(Directed with { MinusOut = minus }, directed).ShouldBe($"{expected}, CNY 3.00");
    }

    [Fact]
    public void A_minus_before_what_goes_out_is_refused_until_somebody_says_what_it_means()
    {
        const string Why = "expected no minus before what goes out; say in the mapping what it means: ";
        Refused(InOut, Csv("日期,贷方,借方", "2026-11-20,,5000.00", "2026-11-21,,-5000.00"))
            .ShouldStartWith($"s.csv, cell C3: statement_amount_malformed: {Why}");
        Refused(Directed, Csv("日期,借贷,金额", "2026-11-20,借,-5000.00"))
            .ShouldStartWith($"s.csv, cell C2: statement_amount_malformed: {Why}");
        Amounts(Directed, Csv("日期,借贷,金额", "2026-11-20,贷,-5.00")).ShouldBe("CNY -5.00");
    }

    [Theory]
    [InlineData("out", "日期,收入,支出", "20261120,,-5.00", "20261120,3.00,", "20261121,,-7.00")]
    [InlineData(null, "日期,收入,支出", "20261120,,-5.00", "20261121,,7.00")]
    [InlineData("out", "日期,借贷标志,金额", "20261120,借,-5.00", "20261120,贷,3.00")]
    [InlineData(null, "日期,借贷标志,金额", "20261120,借,-5.00", "20261120,借,3.00")]
    [InlineData(null, "日期,金额", "20261120,-5.00", "20261120,-3.00")]
    public void A_bank_that_writes_all_that_goes_out_with_a_minus_is_guessed(string? minus, params string[] rows) =>
        MappingGuess.Of(Csv(rows)).MinusOut.ShouldBe(minus);

    [Theory]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("转支")]
    public void A_word_of_neither_direction_is_refused_at_its_cell(string word)
    {
        var file = Csv("日期,借贷,金额", "2026-11-20,贷,3.00", $"2026-11-20,{word},5.00");
        Refused(Directed, file).ShouldStartWith(
            "s.csv, cell B3: statement_direction_unknown: expected a word for what goes out (借|D) or comes in");
        Amounts(Directed with { OutWords = $"借|{word}" }, file).ShouldBe("CNY 3.00, CNY -5.00");
        Amounts(Directed with { InWords = $"贷|{word}" }, file).ShouldBe("CNY 3.00, CNY 5.00");
    }

    [Theory]
    [InlineData("币种", "美元")]
    [InlineData("Currency", "USD")]
    [InlineData("币别", "HKD")]
    [InlineData("币种代码", "USD")]
    [InlineData("记账币种", "14")]
    public void Another_currency_is_not_taken_for_yuan(string heading, string currency)
    {
        Refused(InOut, Csv($"日期,{heading},贷方,借方", "2026-11-20,人民币,1.00,", $"2026-11-20,{currency},1000.00,"))
            .ShouldStartWith("s.csv, cell B3: statement_currency_other: expected yuan (CNY, 人民币)");
        Amounts(InOut, Csv(
            $"日期,{heading},贷方,借方", "2026-11-20,CNY,1.00,", "2026-11-20,,2.00,", "2026-11-21,CNY人民币元,3.00,"))
            .ShouldBe("CNY 1.00, CNY 2.00, CNY 3.00");
    }

    [Theory]
    [InlineData("支出(USD)", "D1")]
    [InlineData("支出（美元）", "D1")]
    [InlineData("支出金额/HKD", "D1")]
    public void A_heading_of_another_currency_is_not_taken_for_yuan(string heading, string cell)
    {
        Refused(
            InOut with { Out = heading }, Csv($"日期,摘要,贷方,{heading}", "2026-11-20,x,,1000.00"))
            .ShouldStartWith($"s.csv, cell {cell}: statement_currency_other: expected yuan (CNY, 人民币)");
        Amounts(
            InOut with { Out = heading, Currency = "CNY" }, Csv($"日期,摘要,贷方,{heading}", "2026-11-20,x,,1000.00"))
            .ShouldBe("CNY -1000.00");
        Amounts(
            InOut with { Out = "支出(CNY)" }, Csv("日期,摘要,贷方,支出(CNY)", "2026-11-20,x,,1000.00"))
            .ShouldBe("CNY -1000.00");
    }

    [Theory]
    [InlineData("账号:6222,币种:USD", "B2")]
    [InlineData("币种：美元", "A2")]
    [InlineData("账户币种,港币", "B2")]
    [InlineData("Currency: EUR,", "A2")]
    [InlineData("账号,币种,余额\r\n6222,美元,1.00", "B3")]
    public void A_line_above_the_headings_that_tells_another_currency_refuses_the_file(string above, string cell)
    {
        string[] rows = ["对账单", above, "日期,贷方,借方", "2026-11-20,1000.00,"];
        Refused(InOut, Csv(rows)).ShouldStartWith(
            $"s.csv, cell {cell}: statement_currency_other: expected yuan (CNY, 人民币)");
        Amounts(InOut with { Currency = "CNY" }, Csv(rows)).ShouldBe("CNY 1000.00");
        foreach (var fine in new[] { "账号:6222,币种:人民币", "币种：CNY", "币种,RMB", "币种：,", "账户名称,美元贸易公司", "账号,币种,余额" })
            Amounts(InOut, Csv("对账单", fine, rows[2], rows[3])).ShouldBe("CNY 1000.00");
    }

    /// <summary>As 建设银行 exports it: 交易时间 is day and time, 记账日期 the day.</summary>
    [Fact]
    public void A_time_that_is_day_and_time_together_is_guessed_as_the_date()
    {
        var file = Csv(
            "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,记账日期,摘要,账户明细编号-交易流水号",
            "'3200,某某公司,20260410 17:07:09,0.00,1000.00,1500.00,人民币元,财付通支付科技有限公司,'243,20260410,结算,'871-N1",
            "'3200,某某公司,20260411 08:00:00,200.50,0.00,1299.50,人民币元,茶馆,'888,20260411,代付,'872-N2");
        var guess = MappingGuess.Of(file);
        (guess.Date, guess.DateFormat, guess.Time, guess.Reference).ShouldBe(
            ("交易时间", "yyyyMMdd HH:mm:ss", null, "账户明细编号-交易流水号"));
        StatementReader.Read("ccb", file, guess)
            .Select(line => $"{line.At:MM-dd HH:mm:ss} {line.Amount} {line.Balance} {line.Reference}").ShouldBe([
                "04-10 17:07:09 CNY 1000.00 CNY 1500.00 871-N1", "04-11 08:00:00 CNY -200.50 CNY 1299.50 872-N2"]);
    }

    [Fact]
    public async Task A_guess_that_does_not_read_the_file_is_shown_with_the_reason_and_can_be_changed()
    {
        await using var house = await House.Open();
        var file = Csv("交易日期,借贷标志,交易金额", "20261120,1,5.00", "20261120,2,3.00");
        var preview = await house.Statements.Preview("abc", file, null, default);
        (preview.Mapping.Direction, preview.Count).ShouldBe(("借贷标志", 0));
        preview.Flaw.ShouldStartWith("s.csv, cell B2: statement_direction_unknown");
        var changed = preview.Mapping with { OutWords = "1", InWords = "2" };
        (await house.Statements.Preview("abc", file, changed, default)).Lines.Select(line => $"{line.Amount}")
            .ShouldBe(["CNY -5.00", "CNY 3.00"]);
        (await house.Statements.Save("abc", changed, House.By, default)).ShouldBeNull();
        await house.Statements.Import("abc", file, House.By, default);

        // What older programs took a minus for needs no first day.
        (await house.Statements.Save("abc", changed with { MinusOut = "back" }, House.By, default)).ShouldBeNull();
        (await house.Statements.Save("abc", changed with { MinusOut = "out" }, House.By, default))!.Code
            .ShouldBe("statement_mapping_in_use");
        (await house.Statements.Save("abc", changed with { MinusOut = "so" }, House.By, default))!.Code
            .ShouldBe("statement_mapping_invalid");
    }

    private static string Amounts(StatementMapping mapping, ChannelBillFile file) =>
        string.Join(", ", StatementReader.Read("icbc", file, mapping).Select(line => line.Amount));

    private static string Refused(StatementMapping mapping, ChannelBillFile file) =>
        Should.Throw<StatementRejectedException>(() => StatementReader.Read("icbc", file, mapping)).Message;

    private static ChannelBillFile Csv(params string[] rows) =>
        new("s.csv", Encoding.UTF8.GetBytes(string.Join("\r\n", rows)));
}
