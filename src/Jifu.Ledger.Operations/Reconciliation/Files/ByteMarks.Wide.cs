using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The same where a processor can pack what it has found in one instruction (AVX-512 VBMI2): hardly a branch
/// depends on the text.</summary>
internal static partial class ByteMarks
{
    private const int Packed = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static FoundMarks FindWide(ref byte text, int length, ref int marks, MarkedBytes bytes)
    {
        unchecked
        {
            var (found, lines, none) = (0, 0, Vector512<byte>.Zero);
            var (newline, separator) = (Vector512.Create((byte)'\n'), Vector512.Create(bytes.Separator));
            var (lead, quote) = (Vector512.Create(bytes.Lead), Vector512.Create((byte)'"'));
            var (odd, wrong, utf8) = (none, none, new ByteUtf8.Wide());
            // Nothing is left of a byte that is the one sought.
            var (quotes, wide) = (Vector512<byte>.AllBitsSet, Vector512<byte>.AllBitsSet);
            ref var oddBytes = ref MemoryMarshal.GetReference(OddBytes);
            var (lower, upper) = (Vector512.LoadUnsafe(ref oddBytes), Vector512.LoadUnsafe(ref oddBytes, Block));
            // What stands around it belongs to other texts; this one begins a line.
            Unsafe.WriteUnaligned(ref Unsafe.Subtract(ref text, 4), (uint)'\n' << 24);
            ref var end = ref Unsafe.Add(ref text, length);
            var behind = Vector512.LoadUnsafe(ref end);
            Vector512.Create((byte)' ').StoreUnsafe(ref end);
            for (var at = 0; at < length; at += Block)
            {
                ref var start = ref Unsafe.Add(ref text, at);
                var block = Vector512.LoadUnsafe(ref start);
                var before = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref start, 1));
                var ends = Vector512.Equals(block, newline);
                var here = Vector512.Equals(block, separator);
                if (bytes.Lead != 0)
                    here &= Vector512.Equals(before, lead) | Vector512.Equals(before, newline);
                here |= ends;
                quotes = Vector512.Min(quotes, block ^ quote);
                wide = Vector512.Min(wide, block ^ Vector512.Create(WideLead));
                odd |= Vector512.AndNot(Avx512Vbmi.PermuteVar64x8x2(lower, block, upper), block)
                    | Vector512.AndNot(Vector512.Equals(before, Vector512.Create((byte)'\r')), ends);
                if (bytes.IsUtf8)
                    wrong |= utf8.Wrong(ref start, block, before);
                lines += BitOperations.PopCount(ends.ExtractMostSignificantBits());
                var count = BitOperations.PopCount(here.ExtractMostSignificantBits());
                Write(
                    ref Unsafe.Add(ref marks, found), at, count,
                    Avx512Vbmi2.Compress(none, here, Vector512<byte>.Indices));
                found += count;
            }

            behind.StoreUnsafe(ref end);
            return new(
                wrong == none ? found : -1, lines, Vector512.EqualsAny(quotes, none),
                odd.ExtractMostSignificantBits() != 0, Vector512.EqualsAny(wide, none));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ref int marks, int at, int count, Vector512<byte> places)
    {
        unchecked
        {
            Write(ref marks, at, places.GetLower().GetLower());
            if (count <= Packed)
                return;
            Write(ref Unsafe.Add(ref marks, Packed), at, places.GetLower().GetUpper());
            Write(ref Unsafe.Add(ref marks, 2 * Packed), at, places.GetUpper().GetLower());
            Write(ref Unsafe.Add(ref marks, 3 * Packed), at, places.GetUpper().GetUpper());
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
}
