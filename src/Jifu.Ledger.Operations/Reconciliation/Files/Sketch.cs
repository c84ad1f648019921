using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A row that one side has more often than the other.</summary>
/// <param name="Count">How much more often the bill has it; negative when it is the orders.</param>
internal readonly record struct Difference(RowIdentity Row, long Count);

/// <summary>A difference sketch (an invertible Bloom lookup table): so many cells, however many rows. A row of the bill
/// is added to three of them, a row of the orders taken away, so that what both sides have leaves no trace, and what is
/// left can be read back as long as it is not too much.</summary>
/// <remarks>A cell holds a count and the sums of both hashes and of a check, modulo 2^64. As each is below 2^61, a cell
/// with up to 7 times the same row, and nothing else, tells that row exactly.</remarks>
internal sealed class Sketch
{
    private const int Lanes = 4;
    private const int SameMax = 7;
    private const int PageCells = 4_096 / sizeof(ulong);

    // Rows whose cells fit well into the first cache.
    private const int AskedAtOnce = 64;

    private const ulong First = 0x9E37_79B9_7F4A_7C15, Second = 0xC2B2_AE3D_27D4_EB4F, Third = 0xD6E8_FEB8_6659_FD93;

    private readonly ulong[] cells;
    private readonly int start;
    private readonly int third, mask;

    /// <param name="thirdCells">Cells in each of three parts; a power of two. About 2.4 times as many differing rows
    /// can be read back.</param>
    public Sketch(int thirdCells)
    {
        if (!BitOperations.IsPow2(thirdCells))
            throw new ArgumentOutOfRangeException(nameof(thirdCells), thirdCells, "A power of two.");
        (third, mask) = (thirdCells, thirdCells - 1);
        cells = GC.AllocateArray<ulong>((3 * third * Lanes) + Lanes, pinned: true);
        // Read before it is written to, a page is the common one of zeros first, and the other processors are
        // interrupted when it no longer is.
        for (var at = 0; at < cells.Length; at += PageCells)
            cells[at] = 0;
        // A cell must not lie across two cache lines.
        var misplaced = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(cells, 0) & (Vector256<byte>.Count - 1));
        start = misplaced == 0 ? 0 : (Vector256<byte>.Count - misplaced) / sizeof(ulong);
    }

    /// <summary>Adds a row so many times; takes it away when negative.</summary>
    public void Add(ulong key, ulong value, long count) => Add(key, value, Mixed(key, value), count);

    /// <summary>Adds many rows, each so many times. The cells of some are asked for before anything is added: so
    /// they wait for memory together, not each for itself.</summary>
    [MethodImpl(ScanLoops.Compiled)]
    public void Add(ReadOnlySpan<RowIdentity> rows, long count)
    {
        Span<ulong> mixed = stackalloc ulong[AskedAtOnce];
        while (rows.Length > 0)
        {
            var some = rows[..Math.Min(AskedAtOnce, rows.Length)];
            for (var at = 0; at < some.Length; at++)
                Ask(mixed[at] = Mixed(some[at].Key, some[at].Value));
            for (var at = 0; at < some.Length; at++)
                Add(some[at].Key, some[at].Value, mixed[at], count);
            rows = rows[some.Length..];
        }
    }

    public void Add(Sketch other)
    {
        for (var i = 0; i < 3 * third * Lanes; i++)
            cells[start + i] = unchecked(cells[start + i] + other.cells[other.start + i]);
    }

    /// <summary>Whether nothing was left in some cell: about ten times as many rows as can be read back leave none.
    /// </summary>
    public bool HasFreeCells
    {
        get
        {
            for (var cell = 0; cell < 3 * third; cell++)
            {
                if (Zeros.Fill(MemoryMarshal.Cast<ulong, long>(cells.AsSpan(start + (cell * Lanes), Lanes))))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Reads back what is left; null when it is too much. The sketch is empty afterwards, or of no
    /// use.</summary>
    public List<Difference>? Peel()
    {
        var found = new List<Difference>();
        var open = new Queue<int>(3 * third);
        for (var cell = 0; cell < 3 * third; cell++)
            open.Enqueue(cell);
        Span<int> places = stackalloc int[3];
        while (open.TryDequeue(out var at))
        {
            if (Single(at) is not { } difference)
                continue;
            if (found.Count == 3 * third)
                return null;
            found.Add(difference);
            var ((key, value), count) = difference;
            Add(key, value, -count);
            Places(Mixed(key, value), places);
            foreach (var place in places)
                open.Enqueue(place);
        }

        var left = MemoryMarshal.Cast<ulong, long>(cells.AsSpan(start, 3 * third * Lanes));
        return Zeros.Fill(left) ? found : null;
    }

    private Difference? Single(int cell)
    {
        var sums = cells.AsSpan(start + (cell * Lanes), Lanes);
        var count = unchecked((long)sums[0]);
        if (count is 0 or < -SameMax or > SameMax)
            return null;
        var times = (ulong)Math.Abs(count);
        var (key, value, check) = count > 0
            ? (sums[1], sums[2], sums[3])
            : unchecked((0 - sums[1], 0 - sums[2], 0 - sums[3]));
        if (key % times != 0 || value % times != 0 || check % times != 0)
            return null;
        (key, value) = (key / times, value / times);
        var mixed = Mixed(key, value);
        if (key > RowHash.Largest || value > RowHash.Largest || check / times != CheckOf(mixed))
            return null;
        Span<int> places = stackalloc int[3];
        Places(mixed, places);
        return places[0] == cell || places[1] == cell || places[2] == cell ? new(new(key, value), count) : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Ask(ulong mixed)
    {
        if (!Sse.IsSupported)
            return;
        unchecked
        {
            // They are pinned.
            var first = (ulong*)Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(cells), start));
            Sse.Prefetch0(first + (Place(mixed, 0) * Lanes));
            Sse.Prefetch0(first + (Place(mixed, 1) * Lanes));
            Sse.Prefetch0(first + (Place(mixed, 2) * Lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ulong key, ulong value, ulong mixed, long count)
    {
        unchecked
        {
            var times = (ulong)count;
            var row = Vector256.Create(times, key * times, value * times, CheckOf(mixed) * times);
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(cells), start);
            Add(ref first, Place(mixed, 0), row);
            Add(ref first, Place(mixed, 1), row);
            Add(ref first, Place(mixed, 2), row);
        }
    }

    private void Places(ulong mixed, Span<int> places)
    {
        for (var part = 0; part < places.Length; part++)
            places[part] = Place(mixed, part);
    }

    // The cell of a row in one of the three parts: each takes other bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Place(ulong mixed, int part) =>
        unchecked((part * third) + ((int)(mixed >> (20 * part)) & mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref ulong first, int cell, Vector256<ulong> row)
    {
        ref var sums = ref Unsafe.Add(ref first, cell * Lanes);
        (Vector256.LoadUnsafe(ref sums) + row).StoreUnsafe(ref sums);
    }

    /// <summary>The hashes are sums, so that rows much alike have hashes much alike: here that ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mixed(ulong key, ulong value)
    {
        unchecked
        {
            var mixed = (key * First) ^ BitOperations.RotateLeft(value * Second, 32);
            mixed = (mixed ^ (mixed >> 32)) * Third;
            return mixed ^ (mixed >> 29);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong CheckOf(ulong mixed)
    {
        unchecked
        {
            var check = (mixed ^ (mixed >> 31)) * First;
            return (check ^ (check >> 32)) & RowHash.Largest;
        }
    }
}
