using System.Globalization;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>A sheet to be read like a page: titles, remarks, and figures that follow from others by formula.</summary>
public sealed class SheetPage : IDisposable
{
    private readonly SheetPart _part;

    internal SheetPage(SheetPart part) => _part = part;

    /// <summary>What the next cell is called, as formulas need it: <c>C7</c>.</summary>
    public string NextCell => CellName.Of(_part.Column, _part.Column == 0 ? _part.Row + 1 : _part.Row);

    /// <summary>A line in big letters.</summary>
    public void Title(string text) => Line(text, CellStyle.Title);

    /// <summary>A line of small print.</summary>
    public void Note(string text) => Line(text, CellStyle.Note);

    /// <summary>A line of headings.</summary>
    /// <param name="texts">So many of them stand above text; the others above numbers.</param>
    public void Headings(int texts, params ReadOnlySpan<string> headings)
    {
        for (var i = 0; i < headings.Length; i++)
            _part.Text(headings[i], i < texts ? CellStyle.Heading : CellStyle.NumberHeading);
        _part.EndRow();
    }

    public SheetPage Text(string? text)
    {
        _part.Text(text);
        return this;
    }

    public SheetPage Count(long count)
    {
        _part.Number(count.ToString(CultureInfo.InvariantCulture), CellStyle.Number);
        return this;
    }

    /// <param name="formula">What makes it, without an equals sign; the amount itself is written as well.</param>
    public SheetPage Money(long minorUnits, string currency, string? formula = null)
    {
        _part.Number(CellNumber.Money(minorUnits, currency), CellNumber.MoneyStyle(currency), formula);
        return this;
    }

    public SheetPage Verdict(bool good, string text)
    {
        _part.Text(text, good ? CellStyle.Good : CellStyle.Bad);
        return this;
    }

    public SheetPage Blank(int cells = 1)
    {
        _part.Blank(cells);
        return this;
    }

    public void EndRow() => _part.EndRow();

    public void Dispose() => _part.Dispose();

    private void Line(string text, CellStyle style)
    {
        _part.Text(text, style);
        _part.EndRow();
    }
}
