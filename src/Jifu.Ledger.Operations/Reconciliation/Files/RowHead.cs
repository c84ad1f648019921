using System.Runtime.CompilerServices;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What a row has besides its texts.</summary>
[Flags]
internal enum RowMarks
{
    None = 0,
    HasStatus = 1,
    HasFee = 2,
    HasTime = 4,

    /// <summary>The bill should hold it.</summary>
    Counts = 8,
}

/// <summary>A row of either side as it lies in temporary files: this, then its texts: number, reference, merchant,
/// status; of the bill's, number and reference of the payment.</summary>
/// <param name="Key">Of the row's hash.</param>
/// <param name="Place">Where it stands, see <see cref="PlaceOf"/>.</param>
/// <param name="Ticks">Of UTC.</param>
/// <param name="Length">In bytes, with its texts.</param>
internal readonly record struct RowHead(
    ulong Key, long Place, long Amount, long Fee, long Ticks, int Length, short KindNumber, short MarkBits)
{
    public static readonly int Bytes = Unsafe.SizeOf<RowHead>();

    public BillLineKind Kind => (BillLineKind)KindNumber;

    public bool Has(RowMarks mark) => ((RowMarks)MarkBits & mark) != 0;

    /// <summary>A place in a file whose segments are read in any order, so that lines cannot be counted.</summary>
    public static long PlaceOf(int segment, int row) => ((long)segment << 32) | (uint)row;

    /// <summary>The line, from 1.</summary>
    /// <param name="firstLines">The one in which each segment begins.</param>
    public int Line(int[] firstLines) => firstLines[(int)(Place >> 32)] + unchecked((int)Place);
}
