using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Amounts and fees: what is written the usual way two at a time.</summary>
internal sealed partial class OrderScan
{
    // Sums of so many rows must not overflow.
    private const long MinorMax = 100_000_000_000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadMinors(RowCells cells, bool isDone, out long amount, out long fee)
    {
        var ofAmount = cells[columns.Amount];
        if (!isYuan || !ByteText.TryReadShort(ofAmount, cells.Or(columns.Fee, ofAmount), 2, out amount, out fee))
            return TryReadEachMinor(cells, isDone, out amount, out fee);
        fee = columns.Fee >= 0 ? fee : 0;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadEachMinor(RowCells cells, bool isDone, out long amount, out long fee)
    {
        fee = 0;
        if (isDone)
            return TryReadMinor(cells[columns.Amount], exact: true, out amount)
                && (cells.IfAny(columns.Fee).Length == 0 || TryReadMinor(cells[columns.Fee], exact: false, out fee));
        if (!columns.TryReadMinor(Text(cells[columns.Amount]), exact: true, out amount))
            amount = 0;
        return true;
    }

    private bool TryReadMinor(ByteCell cell, bool exact, out long minor)
    {
        if (isYuan)
        {
            if (ByteText.TryReadShort(ref cell.End, cell.Length, 2, out minor))
                return true;
            if (cell.Length > 1 && cell.Start == '-'
                && ByteText.TryReadShort(ref cell.End, unchecked(cell.Length - 1), 2, out minor))
            {
                minor = unchecked(-minor);
                return true;
            }
        }

        return TryReadAnyMinor(cell, exact, out minor);
    }

    private bool TryReadAnyMinor(ByteCell cell, bool exact, out long minor) =>
        columns.TryReadMinor(Text(cell), exact, out minor) && Math.Abs(minor) < MinorMax;
}
