namespace Jifu.Ledger.Operations.Tables;

/// <summary>How much of somebody's workbook is read at most. What is larger is refused before it fills the
/// memory.</summary>
/// <param name="UnpackedBytesMax">Of each part; what a part's header says of its size is not believed.</param>
/// <param name="SharedTextBytesMax">Of the texts that cells share, which have to be kept: the only part of a workbook
/// that is.</param>
public sealed record WorkbookLimits(
    long UnpackedBytesMax = 2L << 30, long SharedTextBytesMax = 64L << 20, int ColumnsMax = 1_024)
{
    public static WorkbookLimits Default { get; } = new();
}

/// <summary>Somebody's workbook cannot be used. The message names the file, the sheet and the cell, and says what was
/// expected.</summary>
/// <param name="cell">As Excel shows it, <c>C7</c>; empty when it is not about one cell.</param>
public sealed class WorkbookRejectedException(string file, string sheet, string cell, string expected)
    : Exception($"{file}{(sheet == "" ? "" : $", sheet {sheet}")}{(cell == "" ? "" : $", cell {cell}")}: {expected}")
{
    public string File { get; } = file;
    public string Sheet { get; } = sheet;
    public string Cell { get; } = cell;
    public string Expected { get; } = expected;
}
