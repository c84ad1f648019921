using System.Globalization;
using DocumentFormat.OpenXml;
using X = DocumentFormat.OpenXml.Spreadsheet;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>The XML of one worksheet while it is written, cell by cell; nothing of it is kept.</summary>
internal sealed class SheetPart : IDisposable
{
    private const string XmlNamespace = "http://www.w3.org/XML/1998/namespace";

    // Names and namespaces are written for each cell, so the elements that carry them are made once.
    private static readonly X.Row RowElement = new();
    private static readonly X.Cell CellElement = new();
    private static readonly X.CellFormula FormulaElement = new();
    private static readonly X.CellValue ValueElement = new();
    private static readonly X.InlineString InlineElement = new();
    private static readonly X.Text TextElement = new();
    private static readonly OpenXmlAttribute[] Preserved = [new("xml", "space", XmlNamespace, "preserve")];

    private static readonly string[] StyleNumbers = [.. Enum.GetValues<CellStyle>()
        .Select(style => ((int)style).ToString(CultureInfo.InvariantCulture))];

    private readonly Stream _stream;
    private readonly Func<bool> _hasFailed;
    private readonly OpenXmlWriter _xml;
    private readonly OpenXmlAttribute[] _rowAttribute = new OpenXmlAttribute[1];
    private readonly OpenXmlAttribute[] _attributes = new OpenXmlAttribute[2];
    private readonly OpenXmlAttribute[] _typedAttributes = new OpenXmlAttribute[3];
    private int _column;
    private bool _rowOpen;
    private bool _finished;
    private readonly SheetChoices _choices = new();
    private string? _filtered;

    /// <param name="hasFailed">Whether what is written gets nowhere any more.</param>
    public SheetPart(Stream stream, IEnumerable<int> widths, bool frozenHeading, Func<bool> hasFailed)
    {
        (_stream, _hasFailed) = (stream, hasFailed);
        _xml = OpenXmlWriter.Create(stream);
        _xml.WriteStartDocument(standalone: true);
        _xml.WriteStartElement(new X.Worksheet());
        _xml.WriteElement(new X.SheetProperties(new X.PageSetupProperties { FitToPage = true }));
        _xml.WriteElement(new X.SheetViews(View(frozenHeading)));
        _xml.WriteElement(new X.SheetFormatProperties { DefaultRowHeight = 18, CustomHeight = true });
        _xml.WriteElement(new X.Columns(widths.Select((width, index) => new X.Column
        {
            Min = (uint)index + 1, Max = (uint)index + 1, Width = width, CustomWidth = true,
        })));
        _xml.WriteStartElement(new X.SheetData());
    }

    /// <summary>The row that is written, or was last; from 1, 0 before the first.</summary>
    public int Row { get; private set; }

    /// <summary>The column of the next cell, from 0.</summary>
    public int Column => _rowOpen ? _column : 0;

    public void Text(string? text, CellStyle style = CellStyle.Text)
    {
        if (string.IsNullOrEmpty(text))
        {
            Blank(1);
            return;
        }

        StartCell("inlineStr", style);
        _xml.WriteStartElement(InlineElement);
        _xml.WriteStartElement(TextElement, Preserved);
        _xml.WriteString(CellText.Escape(text));
        _xml.WriteEndElement();
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    /// <param name="formula">Without its equals sign; what it comes to is written as well, for whoever does not
    /// calculate.</param>
    public void Number(string literal, CellStyle style, string? formula = null)
    {
        StartCell(null, style);
        if (formula is not null)
        {
            _xml.WriteStartElement(FormulaElement);
            _xml.WriteString(formula);
            _xml.WriteEndElement();
        }

        _xml.WriteStartElement(ValueElement);
        _xml.WriteString(literal);
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    /// <summary>An empty cell that shows its style, as below a line of sums.</summary>
    public void Empty(CellStyle style)
    {
        StartCell(null, style);
        _xml.WriteEndElement();
    }

    /// <summary>The same, to be filled in with one of these words.</summary>
    public void Choice(IReadOnlyList<string> words)
    {
        OpenRow();
        _choices.Add(_column, Row, words);
        Empty(CellStyle.Text);
    }

    public void Blank(int cells)
    {
        OpenRow();
        _column += cells;
    }

    public void EndRow()
    {
        OpenRow();
        _xml.WriteEndElement();
        _rowOpen = false;
    }

    /// <summary>Puts buttons for filters on the heading, for the rows down to this one.</summary>
    public void Filter(int columns) => _filtered = $"A1:{CellName.Of(columns - 1, Row)}";

    public void Dispose()
    {
        if (_finished)
            return;
        _finished = true;
        // The writer would complain that it is broken, and hide why.
        if (_hasFailed())
        {
            _stream.Dispose();
            return;
        }

        if (_rowOpen)
            EndRow();
        _xml.WriteEndElement();
        if (_filtered is not null)
            _xml.WriteElement(new X.AutoFilter { Reference = _filtered });
        if (_choices.Element() is { } choices)
            _xml.WriteElement(choices);
        _xml.WriteElement(new X.PageMargins
        {
            Left = 0.4, Right = 0.4, Top = 0.5, Bottom = 0.5, Header = 0.2, Footer = 0.2,
        });
        _xml.WriteElement(new X.PageSetup
        {
            PaperSize = 9, Orientation = X.OrientationValues.Landscape, FitToWidth = 1, FitToHeight = 0,
        });
        _xml.WriteEndElement();
        _xml.Dispose();
        _stream.Dispose();
    }

    private static X.SheetView View(bool frozenHeading)
    {
        var view = new X.SheetView { WorkbookViewId = 0, ShowGridLines = frozenHeading };
        if (frozenHeading)
        {
            view.Append(new X.Pane
            {
                VerticalSplit = 1, TopLeftCell = "A2", ActivePane = X.PaneValues.BottomLeft,
                State = X.PaneStateValues.Frozen,
            });
        }

        return view;
    }

    private void OpenRow()
    {
        if (_rowOpen)
            return;
        _rowOpen = true;
        Row++;
        _column = 0;
        _rowAttribute[0] = new("r", "", Row.ToString(CultureInfo.InvariantCulture));
        _xml.WriteStartElement(RowElement, _rowAttribute);
    }

    private void StartCell(string? type, CellStyle style)
    {
        OpenRow();
        var attributes = type is null ? _attributes : _typedAttributes;
        attributes[0] = new("r", "", CellName.Of(_column++, Row));
        attributes[1] = new("s", "", StyleNumbers[(int)style]);
        if (type is not null)
            attributes[2] = new("t", "", type);
        _xml.WriteStartElement(CellElement, attributes);
    }
}
