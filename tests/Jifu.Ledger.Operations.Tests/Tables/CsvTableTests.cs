using System.Text;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Tables;

public sealed class CsvTableTests
{
    [Theory]
    [InlineData("茶", "茶")]
    [InlineData("green,tea", "\"green,tea\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("20261120000000000001", "20261120000000000001\t")]
    [InlineData("007", "007\t")]
    [InlineData("3-4", "3-4\t")]
    [InlineData("1E5", "1E5\t")]
    [InlineData("=SUM(A1)", "'=SUM(A1)\t")]
    [InlineData("  =cmd|x", "'  =cmd|x")]
    [InlineData("\n=x", "\"'\n=x\"")]
    [InlineData("\ttab", "'\ttab")]
    [InlineData("\0nul", "'\0nul")]
    [InlineData("\u200b@x", "'\u200b@x")]
    [InlineData("+8613800000000", "'+8613800000000\t")]
    [InlineData("-3", "'-3\t")]
    [InlineData("@here", "'@here")]
    [InlineData("＝x", "'＝x")]
    [InlineData("a=b", "a=b")]
    [InlineData(null, "")]
    public void Text_stays_text_in_Excel(string? text, string cell) =>
        Line(sheet => sheet.Text("").Text(text)).ShouldBe($",{cell}\r\n");

    [Theory]
    [InlineData(123_456_789_012_345_678, "CNY", "1234567890123456.78")]
    [InlineData(-10050, "CNY", "-100.50")]
    [InlineData(0, "CNY", "0.00")]
    [InlineData(-7, "USD", "-0.07")]
    [InlineData(1500, "JPY", "1500")]
    public void Money_is_a_plain_number(long minorUnits, string currency, string cell) =>
        Line(sheet => sheet.Blank().Money(minorUnits, currency)).ShouldBe($",{cell}\r\n");

    [Fact]
    public void Moments_are_Beijing_time() =>
        Line(sheet => sheet.Blank().Moment(new(2026, 11, 20, 16, 30, 0, TimeSpan.Zero)))
            .ShouldBe(",2026-11-21T00:30:00+08:00\r\n");

    [Fact]
    public void A_sheet_starts_with_a_byte_order_mark()
    {
        using var stream = new MemoryStream();
        using (new CsvTable(stream, CsvProfile.Excel, "商户号"))
        {
        }

        stream.ToArray().ShouldBe([0xEF, 0xBB, 0xBF, .. "商户号\r\n"u8]);
    }

    private static string Line(Func<CsvTable, ITable> cells)
    {
        using var stream = new MemoryStream();
        using (var sheet = new CsvTable(stream, CsvProfile.Excel, "a", "b"))
            cells(sheet).EndRow();
        var text = Encoding.UTF8.GetString(stream.ToArray());
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }
}
