using System.IO.Compression;
using System.Security;
using System.Text;

namespace Jifu.Ledger.TestKit;

/// <summary>Excel workbooks as people and banks make them, cell by cell, written without the code under test.</summary>
/// <remarks>A cell is a text, but <c>#5.5</c> is a number, <c>@46346.5</c> a number in a cell that shows a date,
/// <c>=5.5</c> a formula that came to it, and <c>=</c> a formula that was never calculated. An empty row is left out,
/// as Excel does.</remarks>
public static class Spreadsheet
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <param name="sheets">In order; cells of a row are divided by <c>|</c>.</param>
    public static byte[] Of(params (string Name, string[] Rows)[] sheets)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            Add(zip, "xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><sheets>"
                + string.Concat(sheets.Select((sheet, at) =>
                    $"<sheet name=\"{SecurityElement.Escape(sheet.Name)}\" sheetId=\"{at + 1}\" r:id=\"r{at}\"/>"))
                + "</sheets></workbook>");
            Add(zip, "xl/_rels/workbook.xml.rels", "<Relationships>" + string.Concat(sheets.Select((_, at) =>
                $"<Relationship Id=\"r{at}\" Target=\"worksheets/sheet{at}.xml\"/>")) + "</Relationships>");
            Add(zip, "xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><cellXfs><xf numFmtId=\"0\"/>"
                + "<xf numFmtId=\"22\"/></cellXfs></styleSheet>");
            foreach (var (at, sheet) in sheets.Index())
            {
                Add(zip, $"xl/worksheets/sheet{at}.xml", $"<worksheet xmlns=\"{Main}\"><sheetData>"
                    + string.Concat(sheet.Rows.Select((row, no) => Row(row, no + 1))) + "</sheetData></worksheet>");
            }
        }

        return stream.ToArray();
    }

    private static string Row(string row, int number) => row.Length == 0
        ? ""
        : $"<row r=\"{number}\">" + string.Concat(row.Split('|')
            .Select((cell, column) => Cell(cell, $"{(char)('A' + column)}{number}"))) + "</row>";

    private static string Cell(string cell, string name) => cell switch
    {
        "" => "",
        "=" => $"<c r=\"{name}\"><f>SUM(1,2)</f></c>",
        ['=', .. var value] => $"<c r=\"{name}\"><f>SUM(1,2)</f><v>{value}</v></c>",
        ['#', .. var value] => $"<c r=\"{name}\"><v>{value}</v></c>",
        ['@', .. var value] => $"<c r=\"{name}\" s=\"1\"><v>{value}</v></c>",
        _ => $"<c r=\"{name}\" t=\"inlineStr\"><is><t>{SecurityElement.Escape(cell)}</t></is></c>",
    };

    private static void Add(ZipArchive zip, string path, string xml)
    {
        using var part = zip.CreateEntry(path).Open();
        part.Write(Encoding.UTF8.GetBytes(xml));
    }
}
