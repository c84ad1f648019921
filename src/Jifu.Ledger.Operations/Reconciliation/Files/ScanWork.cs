using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What one thread has of one file: its buffer, its sketch, the places of the rows it has read, and their
/// sums.</summary>
/// <param name="sign">1 for rows of the bill, -1 for orders.</param>
internal sealed class ScanWork(int thirdCells, int sign) : IDisposable
{
    public const int ChunkBytes = 256 * 1024;
    public const int RowBytesMax = 65_000;

    // Eight bytes before a text and a block behind it may be read, and are not looked at.
    private const int Behind = 128;

    /// <summary>Where the text begins in <see cref="Bytes"/>.</summary>
    public const int Start = 64;

    public Sketch Sketch { get; } = new(thirdCells);
    public RowPlaces Places { get; } = new();
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Start + RowBytesMax + ChunkBytes + Behind);
    public int[] Marks { get; } = GC.AllocateUninitializedArray<int>(RowBytesMax + ChunkBytes + 64);

    public long PaymentRows, RefundRows, Paid, Refunded, Fees, FeesEitherWay;

    /// <summary>Rows that do not count, by reason.</summary>
    public readonly long[] LeftOut = new long[LeftOutRows.Reasons];

    /// <summary>Sums over the bill's rows, as its own totals have them.</summary>
    public long Settled, RefundedTotal, CouponRefunded, FeeHundredThousandths, Ordered, RequestedRefund;

    /// <summary>The day seen last, which need not be understood again.</summary>
    public PackedDay Day;

    /// <summary>Whether it is the day that is compared.</summary>
    public bool IsDay;

    /// <summary>The words for kind, status and currency seen last.</summary>
    public KnownWords Kind, Status, Currency;

    /// <summary>Whether quotes have been seen around cells.</summary>
    public bool HasQuotes;

    /// <summary>Whether a row's number, of those dealt out, is one that Excel has rounded.</summary>
    public bool HasRounded;

    /// <summary>Where all rows are dealt out besides; null when they are not.</summary>
    public DealtRows? Dealt { get; init; }

    public RowPacker Packer { get; } = new();

    /// <summary>Rows of the segment at hand so far.</summary>
    public int SegmentRows;

    private readonly RowIdentity[] waiting = new RowIdentity[512];
    private int waitingRows;

    public SideTotals Totals => new(PaymentRows + RefundRows, PaymentRows, RefundRows, Paid, Refunded, Fees);

    public ref byte Text => ref MemoryMarshal.GetReference(Bytes.AsSpan(Start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(BillLineKind kind, long amount, long fee)
    {
        unchecked
        {
            var payment = kind is BillLineKind.Payment ? 1 : 0;
            PaymentRows += payment;
            RefundRows += 1 - payment;
            Paid += amount * payment;
            Refunded += amount * (1 - payment);
            Fees += fee;
            FeesEitherWay += fee < 0 ? -fee : fee;
        }
    }

    /// <summary>Takes back a row that was counted.</summary>
    public void Uncount(BillLineKind kind, long amount, long fee)
    {
        Count(kind, -amount, -fee);
        if (kind is BillLineKind.Payment)
            PaymentRows -= 2;
        else
            RefundRows -= 2;
    }

    /// <summary>Puts a row into the sketch; it is there after <see cref="End"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sum(RowIdentity row)
    {
        waiting[waitingRows++] = row;
        if (waitingRows == waiting.Length)
            AddWaiting();
    }

    private void AddWaiting()
    {
        Sketch.Add(waiting.AsSpan(0, waitingRows), sign);
        waitingRows = 0;
    }

    /// <summary>Remembers where a row stands.</summary>
    /// <param name="end">Where the next row begins.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Place(ulong key, long end)
    {
        SegmentRows++;
        Places.Add(key, end);
    }

    public void Begin(int segment, long offset)
    {
        SegmentRows = 0;
        Places.Begin(segment, offset);
    }

    /// <summary>All rows of the segment, which ends there, have been read.</summary>
    public void End(long end)
    {
        AddWaiting();
        Places.End(end);
    }

    public void Dispose() => Places.Dispose();
}
