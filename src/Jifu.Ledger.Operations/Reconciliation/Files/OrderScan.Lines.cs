using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows found again, of which each cell that is asked for here has been checked before.</summary>
internal sealed partial class OrderScan
{
    /// <summary>The rows that may have one of the keys, in no order.</summary>
    public List<OrderLine> Lines(ScanWork work, KeyFilter keys)
    {
        var lines = new List<OrderLine>();
        Reread(work, keys, (cells, at) =>
        {
            if (LineOf(work, cells, at) is { } line)
                lines.Add(line);
        });
        return lines;
    }

    protected override int FindCells(ScanWork work, int length)
    {
        var marks = work.Marks.AsSpan();
        marks[0] = -1;
        var found = Found(work, ref work.Text, length, ref marks[1]);
        if (found.Marks != found.Lines * columns.Count || found.IsOdd)
            return -1;
        // From here on each row has all its marks to itself, so that its last one can stand before a CR.
        var text = work.Bytes.AsSpan(ScanWork.Start);
        for (var row = found.Lines - 1; row >= 0; row--)
        {
            var its = marks.Slice(row * (columns.Count + 1), columns.Count + 1);
            marks.Slice(row * columns.Count, its.Length).CopyTo(its);
            if (its[^1] > 0 && text[its[^1] - 1] == '\r')
                its[^1]--;
        }

        return found.Lines;
    }

    protected override RowCells CellsOf(ScanWork work, int row) =>
        new(ref work.Text, ref work.Marks[row * (columns.Count + 1)], 0, work.HasQuotes);

    private OrderLine? LineOf(ScanWork work, RowCells cells, int at)
    {
        var isDone = columns.Status < 0 || statuses.MeaningOf(cells[columns.Status], ref work.Status) == Done;
        if (!TryReadMinors(cells, isDone, out var amount, out var fee)
            || !TryReadKind(work, cells, isDone, ref amount, out var kind))
            return null;
        var time = default(DateTimeOffset?);
        if (columns.At >= 0 && !OrderColumns.TryReadTime(Text(cells[columns.At]), out time))
            return null;
        var isFeeTold = columns.Fee >= 0 && cells[columns.Fee].Length > 0;
        return new(
            kind, Text(NumberOf(cells, kind)), Text(cells.IfAny(columns.Reference)), new(amount, Currency.CNY),
            isFeeTold ? new(columns.TurnsFee(kind) ? -fee : fee, Currency.CNY) : null,
            isDone ? null : Text(cells[columns.Status]), time, Text(cells.IfAny(columns.Merchant)), at);
    }

    private string Text(ByteCell cell) => encoding.GetString(cell.Text);
}
