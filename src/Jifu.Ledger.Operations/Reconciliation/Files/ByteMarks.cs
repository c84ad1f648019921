using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The bytes that matter in a file of cells.</summary>
/// <param name="Separator">Between cells; at the beginning of each, if there is a <paramref name="Lead"/>.</param>
/// <param name="Lead">The byte that must stand before a separator if no line end does, such as the comma before a
/// back-quote; 0 for none.</param>
/// <param name="Odd">A byte that is to be told of, wherever it stands.</param>
internal readonly record struct MarkedBytes(byte Separator, byte Lead, byte Odd);

/// <summary>Where the cells and lines of a text are: found 64 bytes at a time, without looking at any single byte.
/// </summary>
internal static class ByteMarks
{
    private const int Block = 64;

    /// <summary>Writes the places of all separators and line ends, in order, and says how many there are of both, and
    /// of line ends alone; less than none when the text is not UTF-8. <c>HasOdd</c>: there is an odd byte in it.
    /// </summary>
    /// <param name="text">Four bytes before it are overwritten; behind it, it is readable up to the next multiple of
    /// 64.</param>
    /// <param name="marks">Room for a mark for each byte, and 8 more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (int Marks, int Lines, bool HasOdd) Find(ref byte text, int length, ref int marks, MarkedBytes bytes)
    {
        unchecked
        {
            var (found, lines, before, notAscii) = (0, 0, 1UL, 0UL);
            var (odd, wrong) = (0UL, 0UL);
            // What stands there belongs to another text.
            Unsafe.WriteUnaligned(ref Unsafe.Subtract(ref text, 4), 0);
            for (var at = 0; at < length; at += Block)
            {
                ref var block = ref Unsafe.Add(ref text, at);
                var inside = length - at >= Block ? ulong.MaxValue : (1UL << (length - at)) - 1;
                // A character that begins in a block may end in the next.
                var looked = notAscii >> 61;
                notAscii = NotAscii(ref block) & inside;
                if ((looked | notAscii) != 0 && ByteUtf8.IsSupported)
                    wrong |= ByteUtf8.Wrong(ref block) & inside;
                var ends = Equal(ref block, (byte)'\n') & inside;
                var here = Equal(ref block, bytes.Separator) & inside;
                if (bytes.Lead != 0)
                {
                    var leads = Equal(ref block, bytes.Lead) | ends;
                    here &= (leads << 1) | before;
                    before = leads >> 63;
                }

                odd |= Equal(ref block, bytes.Odd) & inside;
                here |= ends;
                lines += BitOperations.PopCount(ends);
                var count = BitOperations.PopCount(here);
                Write(ref Unsafe.Add(ref marks, found), at, here, count);
                found += count;
            }

            var valid = ByteUtf8.IsSupported || Utf8.IsValid(MemoryMarshal.CreateReadOnlySpan(ref text, length));
            return wrong == 0 && valid ? (found, lines, odd != 0) : (-1, 0, false);
        }
    }

    // Always eight at a time: a loop as long as there are bits would be guessed wrongly at its end each time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ref int marks, int at, ulong bits, int count)
    {
        unchecked
        {
            for (var written = 0; written < count; written += 8)
            {
                ref var next = ref Unsafe.Add(ref marks, written);
                for (var i = 0; i < 8; i++)
                {
                    Unsafe.Add(ref next, i) = at + BitOperations.TrailingZeroCount(bits);
                    bits &= bits - 1;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NotAscii(ref byte block)
    {
        if (Vector512.IsHardwareAccelerated)
            return Vector512.LoadUnsafe(ref block).ExtractMostSignificantBits();
        return Vector256.LoadUnsafe(ref block).ExtractMostSignificantBits()
            | ((ulong)Vector256.LoadUnsafe(ref block, 32).ExtractMostSignificantBits() << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Equal(ref byte block, byte value)
    {
        if (Vector512.IsHardwareAccelerated)
            return Vector512.Equals(Vector512.LoadUnsafe(ref block), Vector512.Create(value))
                .ExtractMostSignificantBits();
        var sought = Vector256.Create(value);
        var low = Vector256.Equals(Vector256.LoadUnsafe(ref block), sought).ExtractMostSignificantBits();
        var high = Vector256.Equals(Vector256.LoadUnsafe(ref block, 32), sought).ExtractMostSignificantBits();
        return low | ((ulong)high << 32);
    }
}
