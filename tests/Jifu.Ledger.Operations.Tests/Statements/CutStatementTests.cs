using System.Text;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>Rows of a bank's file that have fewer or more cells than its headings: what is a cut, and what is only how
/// the bank ends its rows.</summary>
public class CutStatementTests
{
    private const string Headings = "日期,摘要,支出,收入,余额,流水号,对方户名";
    private const string Whole = "2026-11-23,货款,,500.00,1000.00,N1,茶馆";
    private const string Next = "2026-11-24,货款,,500.00,1500.00,N2,茶馆";

    private static readonly StatementMapping Mapped = new(
        "日期", "yyyy-MM-dd", "utf-8", ",", 0, In: "收入", Out: "支出", Balance: "余额", Reference: "流水号",
        Counterparty: "对方户名", Note: "摘要");

    [Theory]
    [InlineData("2026-11-24,货款,,500.00,1695", 3, 5)]
    [InlineData("2026-11-24,货款,,500.00,1695\n", 3, 5)]
    [InlineData("2026-11-24,货款,,500.00,1500.00,N2", 3, 6)]
    [InlineData("2026-11-2", 3, 1)]
    [InlineData("2026-11-24,货款,,500.00\n" + Next, 3, 4)]
    [InlineData("合计,,500.00\n2026-11-24,货款,,500.00,1695", 4, 5)]
    public void A_row_that_lacks_cells_refuses_the_file(string row, int line, int cells) =>
        Refused(row).ShouldBe(
            $"line {line}: statement_row_malformed: expected 7 cells, as many as headings, not {cells}");

    [Theory]
    [InlineData("2026-11-24,茶,叶,,500.00,1500.00,N2,茶馆", "cell H3: statement_row_malformed: "
        + "expected nothing beyond the last heading, not '茶馆'")]
    [InlineData("2026-11-24,货款,,,1000.00,N2,茶馆", "cell D3: statement_amount_malformed: "
        + "expected an amount that comes in, or one that goes out in cell C3, not ''")]
    [InlineData("2026-11-24,货款,--,-,1000.00,N2,茶馆", "cell D3: statement_amount_malformed: "
        + "expected an amount that comes in, or one that goes out in cell C3, not '-'")]
    public void A_row_with_too_many_cells_or_without_an_amount_refuses_the_file(string row, string expected) =>
        Refused(row).ShouldBe(expected);

    [Theory]
    [InlineData(Headings, Whole + ",", Next + ",,")]
    [InlineData(Headings + ",", Whole, Next)]
    [InlineData(Headings + ",,", Whole + ",", Next)]
    [InlineData(Headings + ",", Whole + ",x", Next)]
    [InlineData("账号：,6225880000000000\n\n" + Headings, Whole, Next)]
    [InlineData(Headings, Whole, "\n,,,,,,\n" + Next + "\n\n,\n")]
    [InlineData(Headings, Whole, "本页合计,,0.00,500.00\n" + Next + "\n合计,2笔\n总计")]
    [InlineData(Headings, "2026-11-23,期初余额,,,500.00,,\n" + Whole, Next + "\n2026-11-30,期末余额,,,1500.00,,")]
    public void How_a_bank_ends_its_rows_and_what_stands_around_the_table_is_no_cut(params string[] rows) =>
        Read(rows).Select(line => $"{line.Amount} {line.Balance} {line.Counterparty}")
            .ShouldBe(["CNY 500.00 CNY 1000.00 茶馆", "CNY 500.00 CNY 1500.00 茶馆"]);

    [Fact]
    public void A_line_of_nothing_is_one_when_the_bank_says_so() =>
        Read(Headings, "2026-11-23,结息,0.00,0.00,1000.00,N1,").ShouldHaveSingleItem().Amount
            .ShouldBe(Money.Zero(Currency.CNY));

    [Fact]
    public async Task Nothing_of_a_cut_file_is_imported_and_the_whole_one_brings_each_line_once()
    {
        await using var house = await Days.House.Open();
        (await house.Statements.Save("cmb", Mapped, Days.House.By, default)).ShouldBeNull();
        var head = await house.Log.Head(default);
        var whole = File(Headings, Whole, Next).Content;
        for (var left = 1; left < Encoding.UTF8.GetByteCount(Next[..Next.LastIndexOf(',')]); left++)
            await Should.ThrowAsync<StatementRejectedException>(house.Statements.Import(
                "cmb", new("s.csv", whole[..(whole.Length - Encoding.UTF8.GetByteCount(Next) + left)]),
                Days.House.By, default));
        (await house.Log.Head(default)).ShouldBe(head);
        (await house.Statements.Import("cmb", new("s.csv", whole), Days.House.By, default)).Imported!.NewRows
            .ShouldBe(2);
    }

    private static string Refused(string row) => Should.Throw<StatementRejectedException>(
        () => Read(Headings, Whole, row)).Message["s.csv, ".Length..];

    private static IReadOnlyList<StatementLine> Read(params string[] rows) =>
        StatementReader.Read("cmb", File(rows), Mapped);

    private static Channels.ChannelBillFile File(params string[] rows) =>
        new("s.csv", Encoding.UTF8.GetBytes(string.Join('\n', rows)));
}
