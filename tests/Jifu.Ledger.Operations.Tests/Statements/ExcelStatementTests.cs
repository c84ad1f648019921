using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Reconciliation.Statements;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>Banks' statements in Excel, as they come: and for what cannot be read, where it stands.</summary>
public class ExcelStatementTests
{
    private const string Headings = "交易日期|收入金额|支出金额|余额|流水号|摘要";

    private static readonly StatementMapping Mapped = new(
        "交易日期", "yyyy-MM-dd", "utf-8", ",", 0, In: "收入金额", Out: "支出金额", Balance: "余额", Reference: "流水号",
        Note: "摘要");

    private static readonly StatementMapping Minus = Mapped with { MinusOut = "out" };

    [Theory]
    [InlineData("@46346|#1234.5||#5000|N1|结算", "11-20 00:00 CNY 1234.50 CNY 5000.00 N1 结算")]
    [InlineData("@46346.5|#1234.5||#5000|N1|结算", "11-20 12:00 CNY 1234.50 CNY 5000.00 N1 结算")]
    [InlineData("#46346|#1234.5||#5000|N1|结算", "11-20 00:00 CNY 1234.50 CNY 5000.00 N1 结算")]
    [InlineData("2026-11-20|1,234.50||5,000.00|N1|结算", "11-20 00:00 CNY 1234.50 CNY 5000.00 N1 结算")]
    [InlineData("2026-11-20 |¥1,234.50|--| 5000 |'000123|结算", "11-20 00:00 CNY 1234.50 CNY 5000.00 000123 结算")]
    [InlineData("2026-11-20||-1,234.50|#5000|N1|", "11-20 00:00 CNY -1234.50 CNY 5000.00 N1 ")]
    [InlineData("2026-11-20|=1234.5||=5000|N1|结算", "11-20 00:00 CNY 1234.50 CNY 5000.00 N1 结算")]
    [InlineData("2026-11-20|#0.1||#0.30000000000000004|N1|", "11-20 00:00 CNY 0.10 CNY 0.30 N1 ")]
    public void A_line_says_the_same_however_its_cells_hold_it(string row, string line) =>
        Told(Read(Minus, ("流水", ["对账单", Headings, row]))).ShouldBe([line]);

    [Theory]
    [InlineData("2026-11-20|1,23.50||#5000|N1|",
        "cell B4: statement_amount_malformed: expected an amount of yuan with at most two decimals, not '1,23.50'")]
    [InlineData("2026-11-20|#7.005||#5000|N1|",
        "cell B4: statement_amount_malformed: expected an amount of yuan with at most two decimals, not '7.005'")]
    [InlineData("2026-11-20|#1|#1|#5000|N1|",
        "cell C4: statement_amount_malformed: expected an amount that comes in or goes out, not both, not '1'")]
    [InlineData("2026-11-20|#1|||N1|",
        "cell D4: statement_amount_malformed: expected an amount of yuan with at most two decimals, not ''")]
    [InlineData("2026-11-20|=||#5000|N1|",
        "cell B4: statement_cell_unreadable: a value is expected; its formula was never calculated")]
    [InlineData("2026-11-20|#1||#5000|#2.0261120000000001E+17|",
        "cell E4: statement_cell_unreadable: a number of at most 15 digits")]
    [InlineData("20/11/2026|#1||#5000|N1|",
        "cell A4: statement_time_malformed: expected a time like yyyy-MM-dd, not '20/11/2026'")]
    [InlineData("0001-01-01|#1||#5000|N1|",
        "cell A4: statement_time_malformed: expected a time like yyyy-MM-dd, not '0001-01-01'")]
    [InlineData("#12|#1||#5000|N1|",
        "cell A4: statement_time_malformed: expected a time like yyyy-MM-dd, not '12'")]
    public void What_cannot_be_read_is_refused_with_file_sheet_and_cell(string row, string expected) =>
        Refused(Mapped, ("流水", ["对账单", Headings, "2026-11-20|#1||#1|N0|", row]))
            .ShouldStartWith($"s.xlsx, sheet 流水, {expected}");

    [Fact]
    public void Empty_rows_and_sums_are_passed_over_and_rows_keep_the_numbers_that_Excel_shows()
    {
        var lines = Read(Mapped, ("流水",
            [Headings, "", "@46346|#1||#1|N1|", "", "||||| ", "@46347||#1|#0|N2|", "合计|#1|#1|||"]));
        lines.Select(line => $"{line.LineNo} {line.Amount}").ShouldBe(["3 CNY 1.00", "6 CNY -1.00"]);
        Refused(Mapped, ("流水", [Headings, "", "", "@46346|x||#1|N1|"])).ShouldContain("sheet 流水, cell B4: ");
    }

    [Fact]
    public void A_line_of_somebody_whose_name_begins_like_a_sum_is_a_line()
    {
        var mapping = Mapped with { Counterparty = "对方户名" };
        Read(mapping, ("流水", [$"对方户名|{Headings}", "Summit Tea|@46346|#1||#1|N1|", "总计茶叶行|2026-11-20|#2||#3|N2|",
            "Total||#3||||"])).Select(line => $"{line.Counterparty} {line.Amount}")
            .ShouldBe(["Summit Tea CNY 1.00", "总计茶叶行 CNY 2.00"]);
        Refused(mapping, ("流水", [$"对方户名|{Headings}", "Summit Tea|20/11/2026|#1||#1|N1|"]))
            .ShouldContain("sheet 流水, cell B2: statement_time_malformed");
    }

    [Theory]
    [InlineData("MM-dd")]
    [InlineData("HH:mm:ss")]
    [InlineData("yyyy-MM-dd HH:mm:sszzz")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ssK")]
    public void What_would_depend_on_todays_date_or_on_the_servers_time_zone_is_no_format_of_a_date(string format) =>
        (Mapped with { DateFormat = format }).FindFlaw().ShouldNotBeNull().ShouldStartWith("date_format names ");

    [Fact]
    public void The_sheet_that_a_mapping_names_is_read_and_a_guess_finds_it()
    {
        (string, string[])[] sheets = [("封面", ["招商银行", "2026年11月"]), ("明细", [Headings, "@46346|#1||#1|N1|"])];
        var file = new ChannelBillFile("s.xlsx", Spreadsheet.Of(sheets));
        var guess = MappingGuess.Of(file);
        guess.ShouldBe(Mapped with { DateFormat = "yyyy-MM-dd", Sheet = "明细" });
        StatementReader.Read("icbc", file, guess).Count.ShouldBe(1);

        Refused(Mapped, sheets).ShouldStartWith("s.xlsx: statement_headings_missing: expected a line with the head");
        Refused(Mapped with { Sheet = "流水" }, sheets)
            .ShouldBe("s.xlsx: statement_sheet_missing: expected a sheet called 流水; it has 封面, 明细");
        Should.Throw<StatementRejectedException>(() => MappingGuess.Of(
            new("s.xlsx", Spreadsheet.Of(("封面", ["招商银行"]))))).Code
            .ShouldBe(StatementRejection.StatementHeadingsMissing);
        (Mapped with { Sheet = "" }).FindFlaw().ShouldBe("sheet is a name, or left out");
    }

    [Fact]
    public void A_mapping_of_another_bank_is_told_by_what_the_nearest_line_lacks() => Refused(
        Mapped, ("流水", ["对账单", "交易日期|贷方|借方|余额|凭证号|摘要", "@46346|#1||#1|N1|"]))
        .ShouldBe(
            "s.xlsx, sheet 流水, line 2: statement_headings_missing: expected a line with the headings "
            + "交易日期, 收入金额, 支出金额, 余额, 流水号, 摘要; this one lacks 收入金额, 支出金额, 流水号; "
            + "jifu money preview --out FILE guesses the mapping anew, jifu money statement --mapping FILE saves it");

    [Fact]
    public void What_is_no_whole_workbook_is_refused_in_words_for_people()
    {
        var whole = Spreadsheet.Of(("流水", [Headings, "@46346|#1||#1|N1|"]));
        const string Broken = "s.xlsx: statement_workbook_unreadable: an Excel workbook (.xlsx) is expected; "
            + "the file was cut off or changed on the way, or is another kind of file";
        Refused(whole[..^30]).ShouldBe(Broken);
        Refused([.. "PK\x03\x04"u8, .. new byte[60]]).ShouldBe(Broken);
        Refused([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).ShouldContain("save it as .xlsx in Excel");
        Refused([]).ShouldBe("s.xlsx: statement_empty: expected a statement");
        Refused("<html>Session expired</html>"u8.ToArray())
            .ShouldStartWith("s.xlsx: statement_headings_missing: expected a line with the headings 交易日期");
    }

    [Fact]
    public void Whatever_is_damaged_in_a_workbook_is_refused_or_says_the_same()
    {
        var whole = Spreadsheet.Of(("流水",
            [Headings, .. Enumerable.Range(1, 40).Select(no => $"@46346|#{no * 37}||#{no * 41}|N{no * 7919}|结算")]));
        var right = string.Join('\n', Told(Read(Mapped, whole)));
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            foreach (var content in new[] { damaged, whole[..at] })
            {
                try
                {
                    string.Join('\n', Told(Read(Mapped, content))).ShouldBe(right);
                }
                catch (StatementRejectedException e)
                {
                    e.Message.ShouldStartWith("s.xlsx");
                }
            }
        }
    }

    private static IEnumerable<string> Told(IEnumerable<StatementLine> lines) => lines.Select(line =>
        FormattableString.Invariant(
            $"{line.At:MM-dd HH:mm} {line.Amount} {line.Balance} {line.Reference} {line.Note}"));

    private static IReadOnlyList<StatementLine> Read(
        StatementMapping mapping, params (string Name, string[] Rows)[] sheets) =>
        Read(mapping, Spreadsheet.Of(sheets));

    private static IReadOnlyList<StatementLine> Read(StatementMapping mapping, byte[] content) =>
        StatementReader.Read("icbc", new("s.xlsx", content), mapping);

    private static string Refused(StatementMapping mapping, params (string Name, string[] Rows)[] sheets) =>
        Should.Throw<StatementRejectedException>(() => Read(mapping, sheets)).Message;

    private static string Refused(byte[] content) =>
        Should.Throw<StatementRejectedException>(() => Read(Mapped, content)).Message;
}
