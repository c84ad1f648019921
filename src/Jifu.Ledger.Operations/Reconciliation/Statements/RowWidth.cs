namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>How many cells a row of a CSV statement has.</summary>
/// <remarks>A row that lacks some was cut off, or has lost a separator, so that the others stand in the wrong columns;
/// one with more has a separator too many. A workbook's cells say themselves where they stand, and its empty ones are
/// often not there at all, so that any number will do.</remarks>
/// <param name="Named">Up to the last heading that is not empty: banks that end each row with a separator do not
/// always end the headings with one, nor the other way round.</param>
/// <param name="All">Columns without a heading may hold anything.</param>
internal readonly record struct RowWidth(int Named, int All)
{
    public static RowWidth Of(StatementRow headings) =>
        new(headings.Cells.ToList().FindLastIndex(cell => cell.Length > 0) + 1, headings.Cells.Count);

    /// <exception cref="StatementRejectedException">It has fewer cells, or something beyond the last one.</exception>
    public void Check(StatementRow row)
    {
        if (row.IsOfWorkbook)
            return;
        if (row.Cells.Count < Named)
            throw new StatementRejectedException(
                StatementRejection.StatementRowMalformed, row.File, FormattableString.Invariant($"line {row.Line}"),
                FormattableString.Invariant($"expected {Named} cells, as many as headings, not {row.Cells.Count}"));
        for (var beyond = All; beyond < row.Cells.Count; beyond++)
            if (row[beyond].Length > 0)
                throw row.Reject(
                    StatementRejection.StatementRowMalformed, beyond, "nothing beyond the last heading");
    }
}
