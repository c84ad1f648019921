using System.Globalization;
using System.Xml;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>The cells of a sheet's XML, a row at a time.</summary>
/// <param name="refusal">Of the cell by its name, and what was expected.</param>
internal sealed class SheetCells(
    XmlReader xml, WorkbookIndex index, WorkbookLimits limits, Func<string, string, WorkbookRejectedException> refusal)
{
    private const int RowsMax = SheetTable.RowsMax;

    private List<string> _cells = [];

    public int Number { get; private set; }

    public IReadOnlyList<string> Cells => _cells;

    /// <summary>Goes to the next row that is there; false after the last.</summary>
    public bool Read()
    {
        while (xml.Read())
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "row" })
                continue;
            Number = RowNumber();
            _cells = new(_cells.Count);
            if (!xml.IsEmptyElement)
                ReadCells();
            return true;
        }

        return false;
    }

    private int RowNumber()
    {
        if (xml.GetAttribute("r") is not { } text)
            return Number + 1;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > Number && number <= RowsMax
            ? number
            : throw refusal("", $"rows in order are expected after row {Number}; found row {text}");
    }

    private void ReadCells()
    {
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "c" })
                continue;
            var column = Column();
            while (_cells.Count < column)
                _cells.Add("");
            _cells.Add(ReadCell(column));
        }
    }

    private int Column()
    {
        var column = _cells.Count;
        if (xml.GetAttribute("r") is { } name && (!CellName.TryColumn(name, out column) || column < _cells.Count))
            throw refusal(name, $"cells in order are expected in row {Number}");
        return column < limits.ColumnsMax
            ? column
            : throw refusal(CellName.Of(column, Number), $"at most {limits.ColumnsMax} columns are read");
    }

    private string ReadCell(int column)
    {
        var (type, style) = (xml.GetAttribute("t") ?? "n", xml.GetAttribute("s"));
        var (value, formula) = (default(string), false);
        if (!xml.IsEmptyElement)
        {
            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType is not XmlNodeType.Element)
                    continue;
                if (xml.LocalName == "is")
                    return RichText.Read(xml) is var text && EndCell(depth) ? text : "";
                formula |= xml.LocalName == "f";
                var content = RichText.Content(xml);
                value = xml.LocalName == "v" ? content : value;
            }
        }

        if (value is null && formula)
            throw refusal(CellName.Of(column, Number),
                "a value is expected; its formula was never calculated: open the file in Excel, and save it");
        return string.IsNullOrEmpty(value) ? "" : Meaning(type, style, value, CellName.Of(column, Number));
    }

    private bool EndCell(int depth)
    {
        while (xml.Depth > depth && xml.Read())
        {
        }

        return true;
    }

    private string Meaning(string type, string? style, string value, string cell) => type switch
    {
        "s" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var text)
            && text < index.Texts.Count
            ? index.Texts[text]
            : throw refusal(cell, $"one of {index.Texts.Count} shared texts is expected; found number {value}"),
        "str" => CellText.Unescape(value),
        "b" => value == "1" ? "TRUE" : "FALSE",
        "e" => throw refusal(cell, $"a value is expected; found the error {value}"),
        "d" => value,
        "n" when IsDate(style) => CellReading.Date(value, index.From1904)
            ?? throw refusal(cell, $"a date is expected; found {value}"),
        "n" => CellReading.Number(value) ?? throw refusal(cell,
            $"a number of at most 15 digits is expected; found {value}: Excel has lost digits. Format the column as "
            + "text, and enter it again"),
        _ => throw refusal(cell, $"a cell type that Excel writes is expected; found {type}"),
    };

    private bool IsDate(string? style) =>
        int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out var format)
        && format < index.DateFormats.Count && index.DateFormats[format];
}
