using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Unicode;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The same where a processor can pack what it has found in one instruction (AVX-512 VBMI2): hardly a branch
/// depends on the text.</summary>
internal static partial class ByteMarks
{
    private const int Packed = 16;

    private static FoundMarks FindWide(ref byte text, int length, ref int marks, MarkedBytes bytes)
    {
        // What stands around it belongs to other texts; this one begins a line.
        Unsafe.WriteUnaligned(ref Unsafe.Subtract(ref text, 4), (uint)'\n' << 24);
        ref var end = ref Unsafe.Add(ref text, length);
        var behind = Vector512.LoadUnsafe(ref end);
        Vector512.Create((byte)' ').StoreUnsafe(ref end);
        var found = FindInBlocks(ref text, length, ref marks, bytes, out var hasRare);
        behind.StoreUnsafe(ref end);
        return hasRare && !Utf8.IsValid(MemoryMarshal.CreateReadOnlySpan(ref text, length))
            ? found with { Marks = -1 }
            : found;
    }

    [MethodImpl(ScanLoops.Compiled)]
    private static FoundMarks FindInBlocks(
        ref byte text, int length, ref int marks, MarkedBytes bytes, out bool hasRare)
    {
        unchecked
        {
            var (found, lines, none, utf8, returns) =
                (0, 0, Vector512<byte>.Zero, new ByteUtf8.Wide(), new ReturnBits());
            var (newline, carriageReturn) = (Vector512.Create((byte)'\n'), Vector512.Create((byte)'\r'));
            var (separator, lead) = (Vector512.Create(bytes.Separator), Vector512.Create(bytes.Lead));
            // Nothing is left of a byte that is the one sought.
            var (quotes, wide) = (Vector512<byte>.AllBitsSet, Vector512<byte>.AllBitsSet);
            var (odd, wrong, rare) = (none, none, none);
            var (lower, upper) = (Vector512.Create(OddBytes), Vector512.Create(OddBytes[Block..]));
            for (var at = 0; at < length; at += Block)
            {
                ref var start = ref Unsafe.Add(ref text, at);
                var block = Vector512.LoadUnsafe(ref start);
                var before = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref start, 1));
                // Zero where it is one: then no comparison must become a vector again.
                var mark0 = block ^ separator;
                if (bytes.Lead != 0)
                    mark0 |= Vector512.Min(before ^ lead, before ^ newline);
                mark0 = Vector512.Min(mark0, block ^ newline);
                quotes = Vector512.Min(quotes, block ^ Vector512.Create((byte)'"'));
                wide = Vector512.Min(wide, block ^ Vector512.Create(WideLead));
                odd |= Vector512.AndNot(Avx512Vbmi.PermuteVar64x8x2(lower, block, upper), block);
                if (bytes.IsUtf8)
                    (wrong, rare) = (wrong | ByteUtf8.Wide.Wrong(ref start, block, before), rare | utf8.Rare(block));
                var ends = Vector512.Equals(block, newline).ExtractMostSignificantBits();
                returns.Add(Vector512.Equals(block, carriageReturn).ExtractMostSignificantBits(), ends);
                lines += BitOperations.PopCount(ends);
                found += Write(ref Unsafe.Add(ref marks, found), at, Vector512.Equals(mark0, none));
            }

            hasRare = rare.ExtractMostSignificantBits() != 0;
            var isWrong = wrong.ExtractMostSignificantBits() != 0 && !hasRare;
            var isOdd = odd.ExtractMostSignificantBits() != 0 || returns.Odd != 0;
            var (hasQuotes, mayBeOdd) = (Vector512.EqualsAny(quotes, none), Vector512.EqualsAny(wide, none));
            return new(isWrong ? -1 : found, lines, hasQuotes, isOdd, mayBeOdd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Write(ref int marks, int at, Vector512<byte> here)
    {
        unchecked
        {
            var count = BitOperations.PopCount(here.ExtractMostSignificantBits());
            var places = Avx512Vbmi2.Compress(Vector512<byte>.Zero, here, Vector512<byte>.Indices);
            Write(ref marks, at, places.GetLower().GetLower());
            if (count <= Packed)
                return count;
            Write(ref Unsafe.Add(ref marks, Packed), at, places.GetLower().GetUpper());
            Write(ref Unsafe.Add(ref marks, 2 * Packed), at, places.GetUpper().GetLower());
            Write(ref Unsafe.Add(ref marks, 3 * Packed), at, places.GetUpper().GetUpper());
            return count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ref int marks, int at, Vector128<byte> places) =>
        (Avx512F.ConvertToVector512Int32(places) + Vector512.Create(at)).StoreUnsafe(ref marks);

    /// <summary>The highest bit for each byte below 128 that is odd.</summary>
    private static ReadOnlySpan<byte> OddBytes =>
    [
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
        0x80, 0, 0, 0x80, 0x80, 0, 0x80, 0x80,
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0x80,
    ];

    /// <summary>Carriage returns after which no line ends.</summary>
    private struct ReturnBits
    {
        private ulong last;

        public ulong Odd { get; private set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ulong returns, ulong ends)
        {
            unchecked
            {
                Odd |= ((returns << 1) | last) & ~ends;
                last = returns >> (Block - 1);
            }
        }
    }
}
