using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Tables;

public sealed class WorkbookWriterTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 0, 0, 0, TimeSpan.FromHours(8));

    private static readonly TableColumn[] Columns =
    [
        new("订单号"), new("金额", ColumnKind.Money), new("笔数", ColumnKind.Number), new("日期", ColumnKind.Date),
        new("时间", ColumnKind.Moment),
    ];

    [Fact]
    public void What_looks_like_a_formula_is_a_text()
    {
        var sheet = Part(Workbook(book => book.Table("表", Columns).Text("=HYPERLINK(\"http://x\")").EndRow()));

        sheet.ShouldContain("""t="inlineStr"><x:is><x:t xml:space="preserve">=HYPERLINK("http://x")</x:t>""");
        sheet.ShouldNotContain("<x:f>");
    }

    [Fact]
    public void Ids_are_text_and_amounts_are_numbers_to_the_last_digit()
    {
        var sheet = Part(Workbook(book => book.Table("表", Columns)
            .Text("20261120000000000001234567").Money(123_456_789_012_345_678, "CNY").EndRow()));

        sheet.ShouldContain(""">20261120000000000001234567</x:t>""");
        sheet.ShouldContain("""<x:c r="B2" s="3"><x:v>1234567890123456.78</x:v></x:c>""");
    }

    [Fact]
    public void The_heading_stays_in_sight_and_filters_the_rows_but_not_their_sums()
    {
        var sheet = Part(Workbook(book =>
        {
            var table = book.Table("表", Columns);
            table.Text("a").Money(150, "CNY").Count(2).EndRow();
            table.Text("b").Money(-50, "CNY").Count(3).EndRow();
            table.Totals();
        }));

        sheet.ShouldContain("""<x:pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen" />""");
        sheet.ShouldContain("""<x:autoFilter ref="A1:E3" />""");
        sheet.ShouldContain("""<x:c r="B4" s="9"><x:f>SUBTOTAL(109,B2:B3)</x:f><x:v>1.00</x:v></x:c>""");
        sheet.ShouldContain("""<x:c r="B5" s="9"><x:v>1.00</x:v></x:c>""");
        sheet.ShouldContain("""<x:c r="C5" s="11"><x:v>5</x:v></x:c>""");
    }

    [Fact]
    public void Amounts_of_several_currencies_are_not_summed_up() => Part(Workbook(book =>
    {
        var table = book.Table("表", Columns);
        table.Text("a").Money(150, "CNY").EndRow();
        table.Text("b").Money(150, "JPY").EndRow();
        table.Totals();
    })).ShouldContain("多币种");

    [Fact]
    public void Rows_that_do_not_fit_go_on_on_the_next_sheet()
    {
        var bytes = Workbook(book =>
        {
            var table = book.Table("表", Columns);
            for (var row = 1; row <= 5; row++)
                table.Text($"{row}").Money(row, "CNY").EndRow();
            table.Totals();
        }, rowsMax: 4);

        using var reader = new WorkbookReader(new MemoryStream(bytes), "t.xlsx");
        reader.Sheets.ShouldBe(["表", "表 (2)", "表 (3)"]);
        reader.Rows("表 (2)").Select(row => row[0]).ShouldBe(["订单号", "4", "5"]);
        Part(bytes, "sheet3")
            .ShouldContain("<x:f>SUBTOTAL(109,'表'!B2:B4)+SUBTOTAL(109,'表 (2)'!B2:B3)</x:f><x:v>0.15</x:v>");
    }

    [Fact]
    public void The_same_rows_make_the_same_bytes()
    {
        Workbook(Fill).ShouldBe(Workbook(Fill));

        // Of the parts, not of the zip: compressors differ between machines.
        using var zip = new ZipArchive(new MemoryStream(Workbook(Fill)));
        string.Join('\n', zip.Entries.Select(entry => $"{entry.FullName} {Sha256(entry)}")).ShouldMatchApproved(
            o => o.NoDiff());
    }

    [Fact]
    public void Cells_to_fill_in_are_text_so_that_numbers_stay_as_they_are_typed()
    {
        var text = $"s=\"{(int)CellStyle.Text}\"";
        var sheet = Part(Workbook(book => book.Table("表", Columns).ToFillIn(2).Text("x").EndRow()));
        sheet.ShouldContain($"r=\"A2\" {text}");
        sheet.ShouldContain($"r=\"B2\" {text}");
    }

    private static void Fill(WorkbookWriter book)
    {
        using (var page = book.Page("汇总", 30, 16, 16))
        {
            page.Title("对账");
            page.Note("2026-11-20");
            page.Headings(1, "项目", "公式", "数值");
            page.Text("净额").Money(100, "CNY", "C4*1").Money(100, "CNY").Verdict(true, "一致").EndRow();
        }

        var table = book.Table("表", Columns);
        table.Text("=1+1").Money(-10050, "CNY").Count(1).Date(new(new(2026, 11, 20))).Moment(At).EndRow();
        table.Blank().Money(500, "JPY").Count(-1).Date(null).Moment(null).EndRow();
        table.Totals();
    }

    private static byte[] Workbook(Action<WorkbookWriter> fill, int rowsMax = SheetTable.RowsMax)
    {
        using var stream = new MemoryStream();
        using (var book = new WorkbookWriter(stream, At, rowsMax))
            fill(book);
        return stream.ToArray();
    }

    private static string Part(byte[] workbook, string sheet = "sheet1")
    {
        using var zip = new ZipArchive(new MemoryStream(workbook));
        using var text = new StreamReader(zip.GetEntry($"xl/worksheets/{sheet}.xml")!.Open(), Encoding.UTF8);
        return text.ReadToEnd();
    }

    private static string Sha256(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
