using System.Globalization;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>A sheet of rows below a heading that stays in sight and filters. What does not fit on one sheet of Excel
/// goes on with the same heading on the next, called <c>name (2)</c>.</summary>
public sealed class SheetTable : ITable
{
    /// <summary>Rows of a sheet, its heading among them.</summary>
    public const int RowsMax = 1_048_576;

    private readonly List<(string Name, int LastRow)> _full = [];
    private readonly Func<string, SheetPart> _open;
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly ColumnSum[] _sums;
    private readonly string _name;
    private readonly int _rowsMax;
    private SheetPart _part;
    private bool _filtered;

    internal SheetTable(
        string name, IReadOnlyList<TableColumn> columns, int rowsMax, Func<string, SheetPart> open)
    {
        (_name, _columns, _rowsMax, _open) = (name, columns, rowsMax, open);
        _sums = [.. columns.Select(_ => new ColumnSum())];
        _part = Begin();
    }

    public long Rows { get; private set; }

    public ITable Text(string? text)
    {
        _part.Text(text);
        return this;
    }

    public ITable Count(long count)
    {
        _sums[_part.Column].Add(count, "");
        _part.Number(count.ToString(CultureInfo.InvariantCulture), CellStyle.Number);
        return this;
    }

    public ITable Money(long minorUnits, string currency)
    {
        _sums[_part.Column].Add(minorUnits, currency);
        _part.Number(CellNumber.Money(minorUnits, currency), CellNumber.MoneyStyle(currency));
        return this;
    }

    public ITable Date(BusinessDay? day)
    {
        if (day is { } known)
            _part.Number(CellNumber.Date(known.Date), CellStyle.Date);
        else
            _part.Blank(1);
        return this;
    }

    public ITable Moment(DateTimeOffset? moment)
    {
        if (moment is { } known)
            _part.Number(CellNumber.Moment(known), CellStyle.Moment);
        else
            _part.Blank(1);
        return this;
    }

    public ITable Blank(int cells = 1)
    {
        _part.Blank(cells);
        return this;
    }

    public ITable ToFillIn(int cells)
    {
        for (var i = 0; i < cells; i++)
            _part.Empty(CellStyle.Text);
        return this;
    }

    public ITable ToChoose(IReadOnlyList<string> words)
    {
        _part.Choice(words);
        return this;
    }

    public void EndRow()
    {
        _part.EndRow();
        Rows++;
        if (_part.Row == _rowsMax)
            NextSheet();
    }

    /// <summary>Two last lines: the sums by formula, which follow the filter, and the same as plain numbers, which do
    /// not. A column of several currencies has none.</summary>
    public void Totals()
    {
        if (_part.Row > _rowsMax - 2)
            NextSheet();
        Filter();
        var ranges = _full.Append((Name: SheetName(), LastRow: _part.Row)).Where(sheet => sheet.LastRow > 1).ToList();
        Total("合计（随筛选）", ranges);
        Total("合计（数值）", null);
    }

    public void Dispose()
    {
        Filter();
        _part.Dispose();
    }

    private void Total(string label, List<(string Name, int LastRow)>? ranges)
    {
        _part.Text(label, CellStyle.TotalText);
        for (var column = 1; column < _columns.Count; column++)
        {
            if (_columns[column] is not { Summed: true, Kind: ColumnKind.Money or ColumnKind.Number })
                _part.Empty(CellStyle.TotalText);
            else if (_sums[column].IsMixed)
                _part.Text("多币种", CellStyle.TotalText);
            else
                _part.Number(_sums[column].Literal(_columns[column].Kind), _sums[column].Style(_columns[column].Kind),
                    ranges is { Count: > 0 } ? Formula(CellName.Column(column), ranges) : null);
        }

        _part.EndRow();
    }

    private static string Formula(string column, List<(string Name, int LastRow)> ranges) => ranges is [var only]
        ? $"SUBTOTAL(109,{column}2:{column}{only.LastRow})"
        : string.Join('+', ranges.Select(sheet => $"SUBTOTAL(109,'{sheet.Name}'!{column}2:{column}{sheet.LastRow})"));

    private void NextSheet()
    {
        _full.Add((SheetName(), _part.Row));
        Filter();
        _part.Dispose();
        _part = Begin();
    }

    private SheetPart Begin()
    {
        _filtered = false;
        var part = _open(SheetName());
        foreach (var column in _columns)
            part.Text(column.Heading, column.Kind is ColumnKind.Money or ColumnKind.Number
                ? CellStyle.NumberHeading : CellStyle.Heading);
        part.EndRow();
        return part;
    }

    private void Filter()
    {
        if (!_filtered)
            _part.Filter(_columns.Count);
        _filtered = true;
    }

    private string SheetName() => _full.Count == 0 ? _name : $"{_name} ({_full.Count + 1})";
}
