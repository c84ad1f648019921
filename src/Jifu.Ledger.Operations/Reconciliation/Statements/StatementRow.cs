using System.Globalization;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>One row of a statement, CSV or workbook, with what it takes to name a place in it.</summary>
/// <param name="Sheet">Empty for a CSV file.</param>
/// <param name="From1904">How a workbook counts days; null for a CSV file.</param>
internal sealed record StatementRow(
    string File, string Sheet, int Line, IReadOnlyList<string> Cells, bool? From1904 = null)
{
    private const int SaidMax = 60;

    // 2000-01-01 and 2100-01-01 as Excel counts days. A date written as 20261120 is far beyond.
    private const decimal FirstSerial = 36_526, LastSerial = 73_051;

    public string this[int column] => column < Cells.Count ? Cells[column] : "";

    public bool IsOfWorkbook => From1904 is not null;

    public bool IsBlank => Cells.All(cell => cell.Length == 0);

    /// <summary>A date or a time as it is written. Where a workbook has only Excel's number for it, because the cell
    /// was never formatted as a date, what Excel would show: <c>2026-11-20</c>, <c>08:00:00</c>.</summary>
    public string Moment(int column) => From1904 is { } from1904
        && decimal.TryParse(this[column], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var serial)
        && serial is (> 0 and < 1) or (>= FirstSerial and < LastSerial)
            ? CellReading.Date(this[column], from1904)!
            : this[column];

    public StatementRejectedException Reject(StatementRejection code, int column, string expected)
    {
        var cell = $"cell {CellName.Of(column, Line)}";
        var said = this[column] is { Length: > SaidMax } text ? text[..SaidMax] + "…" : this[column];
        return new(
            code, File, Sheet.Length > 0 ? $"sheet {Sheet}, {cell}" : cell, $"expected {expected}, not '{said}'");
    }
}
