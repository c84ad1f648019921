namespace Jifu.Ledger.Operations.Tables;

/// <summary>A row of somebody's sheet, each cell as text; good until the next row is read.</summary>
/// <param name="Number">As Excel shows it, from 1.</param>
public sealed record WorkbookRow(string File, string Sheet, int Number, IReadOnlyList<string> Cells)
{
    /// <summary>A cell's text; empty also right of the last that is there.</summary>
    /// <param name="column">From 0.</param>
    public string this[int column] => column < Cells.Count ? Cells[column] : "";

    public bool IsBlank => Cells.All(cell => cell.Length == 0);

    /// <summary>What Excel calls the cell: <c>C7</c>.</summary>
    public string NameOf(int column) => CellName.Of(column, Number);

    /// <summary>For a cell that does not hold what it should.</summary>
    public WorkbookRejectedException Rejected(int column, string expected) =>
        new(File, Sheet, NameOf(column), expected);
}
