using System.IO.Compression;
using System.Text;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Tables;

public sealed class WorkbookReaderTests
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Theory]
    [InlineData("""<c r="A1"><v>100.5</v></c>""", "100.5")]
    [InlineData("""<c r="A1"><v>100.09999999999999</v></c>""", "100.1")]
    [InlineData("""<c r="A1"><v>1E2</v></c>""", "100")]
    [InlineData("""<c r="A1"><v>-5.0000000000000003E-2</v></c>""", "-0.05")]
    [InlineData("""<c r="A1"><v>20261120000000000001</v></c>""", "20261120000000000001")]
    [InlineData("""<c r="A1" t="b"><v>1</v></c>""", "TRUE")]
    [InlineData("""<c r="A1" t="str"><f>1&amp;2</f><v>12</v></c>""", "12")]
    [InlineData("""<c r="A1" s="1"><v>46346</v></c>""", "2026-11-20")]
    [InlineData("""<c r="A1" s="2"><v>46346.333333333336</v></c>""", "2026-11-20 08:00:00")]
    [InlineData("""<c r="A1" s="1"><v>0.5</v></c>""", "12:00:00")]
    [InlineData("""<c r="A1" s="3"><v>46346</v></c>""", "46346")]
    [InlineData("""<c r="A1" s="4"><v>46346</v></c>""", "46346")]
    [InlineData("""<c r="A1" t="s"><v>1</v></c>""", "rich text")]
    [InlineData("""<c r="A1" t="inlineStr"><is><t>a_x0007_b</t></is></c>""", "a\ab")]
    [InlineData("""<c r="A1" s="1"/>""", "")]
    public void A_cell_says_what_Excel_shows(string cell, string text) =>
        Rows(Workbook($"<row r=\"1\">{cell}</row>")).Single()[0].ShouldBe(text);

    [Fact]
    public void A_row_knows_its_cells_by_name()
    {
        var row = Rows(Workbook("""
            <row r="7"><c r="B7"><v>1</v></c><c r="AB7"><v>2</v></c></row>
            """)).Single();

        (row.Number, row[0], row[1], row[27], row[99]).ShouldBe((7, "", "1", "2", ""));
        row.NameOf(27).ShouldBe("AB7");
        row.Rejected(2, "an amount is expected").Message.ShouldBe("t.xlsx, sheet S, cell C7: an amount is expected");
    }

    [Theory]
    [InlineData("""<c r="C7"><v>2.0261120000000001E+17</v></c>""", "C7: a number of at most 15 digits is expected")]
    [InlineData("""<c r="C7" t="e"><v>#N/A</v></c>""", "C7: a value is expected; found the error #N/A")]
    [InlineData("""<c r="C7"><f>A1</f></c>""", "C7: a value is expected; its formula was never calculated")]
    [InlineData("""<c r="C7" t="s"><v>9</v></c>""", "C7: one of 2 shared texts is expected; found number 9")]
    [InlineData("""<c r="C7" s="1"><v>9999999</v></c>""", "C7: a date is expected; found 9999999")]
    [InlineData("""<c r="ZZ7"><v>1</v></c>""", "ZZ7: at most 100 columns are read")]
    [InlineData("""<c r="B7"><v>1</v></c><c r="A7"><v>1</v></c>""", "A7: cells in order are expected in row 7")]
    [InlineData("<c r=\"A7\"><![CDATA[<x]]></c>", "its XML holds a comment, CDATA or a DTD")]
    [InlineData("<c r=\"A7\"><v>1</w></c>", "broken after row 0")]
    public void What_cannot_be_read_is_named(string cells, string expected) =>
        Should.Throw<WorkbookRejectedException>(() => Rows(Workbook($"<row r=\"7\">{cells}</row>")))
            .Message.ShouldContain(expected);

    [Fact]
    public void A_text_that_would_fill_the_memory_is_refused() =>
        Should.Throw<WorkbookRejectedException>(() => Rows(Workbook(
            $"""<row r="1"><c r="A1" t="inlineStr"><is><t>{new string('A', 2_000_000)}</t></is></c></row>""")))
            .Message.ShouldContain("a text in it is longer than");

    [Fact]
    public void A_part_that_unpacks_to_too_much_is_refused() =>
        Should.Throw<WorkbookRejectedException>(() => Rows(Workbook(
            string.Concat(Enumerable.Repeat("<row/>", 600_000)))))
            .Message.ShouldContain("unpacks to more than 3,000,000 bytes");

    [Theory]
    [InlineData("PK not a zip")]
    [InlineData("")]
    public void What_is_no_workbook_is_refused(string content) => Should.Throw<WorkbookRejectedException>(() =>
        new WorkbookReader(new MemoryStream(Encoding.UTF8.GetBytes(content)), "t.xlsx"))
        .Message.ShouldStartWith("t.xlsx: an Excel workbook (.xlsx) is expected");

    private static List<WorkbookRow> Rows(byte[] workbook)
    {
        using var reader = new WorkbookReader(
            new MemoryStream(workbook), "t.xlsx", new(UnpackedBytesMax: 3_000_000, ColumnsMax: 100));
        return [.. reader.Rows()];
    }

    private static byte[] Workbook(string rows)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            Add(zip, "xl/workbook.xml", $"""
                <workbook xmlns="{Main}"
                  xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
                <sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>
                """);
            Add(zip, "xl/_rels/workbook.xml.rels", """
                <Relationships><Relationship Id="r1" Target="worksheets/one.xml"/></Relationships>
                """);
            Add(zip, "xl/styles.xml", $"""
                <styleSheet xmlns="{Main}"><numFmts><numFmt numFmtId="170" formatCode="[$-804]yyyy&quot;年&quot;m"/>
                <numFmt numFmtId="171" formatCode="General"/><numFmt numFmtId="172" formatCode="[Red]0.0&quot;d&quot;"/>
                </numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/>
                <xf numFmtId="171"/><xf numFmtId="172"/></cellXfs></styleSheet>
                """);
            Add(zip, "xl/sharedStrings.xml", $"""
                <sst xmlns="{Main}"><si><t>plain</t></si>
                <si><r><t>rich</t></r><r><t xml:space="preserve"> text</t></r><rPh><t>guide</t></rPh></si></sst>
                """);
            Add(zip, "xl/worksheets/one.xml", $"""
                <worksheet xmlns="{Main}"><sheetData>{rows}</sheetData></worksheet>
                """);
        }

        return stream.ToArray();
    }

    private static void Add(ZipArchive zip, string path, string xml)
    {
        using var stream = zip.CreateEntry(path).Open();
        stream.Write(Encoding.UTF8.GetBytes(xml));
    }
}
