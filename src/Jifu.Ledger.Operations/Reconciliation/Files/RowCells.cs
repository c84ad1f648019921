using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>One row of cells, as the marks between them say.</summary>
/// <param name="marks">One before the first cell; then one at each cell's end, which is before the next one,
/// too.</param>
/// <param name="gap">What belongs to no cell before a mark: 1 where a comma stands before a back-quote.</param>
/// <param name="isQuoted">Quotes around a cell are no part of it.</param>
internal readonly ref struct RowCells(ref byte text, ref int marks, int gap, bool isQuoted = false)
{
    private readonly ref byte text = ref text;
    private readonly ref int marks = ref marks;
    private readonly int gap = gap;
    private readonly bool isQuoted = isQuoted;

    public ref byte Text => ref text;

    public ByteCell this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            unchecked
            {
                ref var mark = ref Unsafe.Add(ref marks, place);
                var begin = mark + 1;
                var cell = new ByteCell(ref Unsafe.Add(ref text, begin), Unsafe.Add(ref mark, 1) - gap - begin);
                return isQuoted && cell.Length > 1 && cell.Start == '"'
                    ? new(ref Unsafe.Add(ref cell.Start, 1), cell.Length - 2)
                    : cell;
            }
        }
    }

    /// <summary>A cell; empty when there is no such column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ByteCell IfAny(int place) => place < 0 ? new(ref text, 0) : this[place];

    /// <summary>A cell; another one when there is no such column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ByteCell Or(int place, ByteCell otherwise) => place < 0 ? otherwise : this[place];
}
