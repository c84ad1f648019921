using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Unicode;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>How a file of cells is to be taken apart.</summary>
/// <param name="Separator">Between cells; at the beginning of each, if there is a <paramref name="Lead"/>.</param>
/// <param name="Lead">The byte that must stand before a separator if no line end does, such as the comma before a
/// back-quote; 0 for none.</param>
/// <param name="IsUtf8">False for a text of bytes of any meaning above 127.</param>
internal readonly record struct MarkedBytes(byte Separator, byte Lead, bool IsUtf8 = true);

/// <summary>What was found in a text.</summary>
/// <param name="Marks">Separators and line ends; less than none when the text is not UTF-8.</param>
/// <param name="HasQuotes">There are quotes; when they were looked into: quotes that stand for themselves.</param>
/// <param name="IsOdd">There is something of which only the careful reader knows what to do: control characters, marks
/// of a byte order, characters that were lost, quotes and line ends where none are expected.</param>
/// <param name="MayBeOdd">There are bytes with which odd characters begin, and characters of full width, too.</param>
internal readonly record struct FoundMarks(int Marks, int Lines, bool HasQuotes, bool IsOdd, bool MayBeOdd);

/// <summary>Where the cells and lines of a text are: found 64 bytes at a time, without looking at any single byte.
/// </summary>
internal static partial class ByteMarks
{
    private const int Block = 64;

    // Characters of full width begin with it, and those that no text should have.
    private const byte WideLead = 0xEF;

    /// <summary>Writes the places of all separators and line ends, in order; quotes mean nothing.</summary>
    /// <param name="text">Four bytes before it are overwritten; 64 bytes behind it are readable.</param>
    /// <param name="marks">Room for a mark for each byte, and 64 more.</param>
    public static FoundMarks Find(ref byte text, int length, ref int marks, MarkedBytes bytes) =>
        Sure(ref text, length, Avx512Vbmi2.IsSupported
            ? FindWide(ref text, length, ref marks, bytes)
            : FindNarrow(ref text, length, ref marks, bytes, false));

    /// <summary>The same for cells in quotes, of which each begins and ends a cell; separators between two are none.
    /// </summary>
    public static FoundMarks FindQuoted(ref byte text, int length, ref int marks, MarkedBytes bytes) =>
        Sure(ref text, length, FindNarrow(ref text, length, ref marks, bytes, true));

    // A mark of a byte order, or of a character that was lost.
    private static FoundMarks Sure(ref byte text, int length, FoundMarks found)
    {
        if (!found.MayBeOdd)
            return found;
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref text, length);
        var isOdd = bytes.IndexOf("\uFEFF"u8) >= 0 || bytes.IndexOf("\uFFFD"u8) >= 0;
        return found with { IsOdd = found.IsOdd || isOdd };
    }

    [MethodImpl(ScanLoops.Compiled)]
    private static FoundMarks FindNarrow(ref byte text, int length, ref int marks, MarkedBytes bytes, bool isQuoted)
    {
        unchecked
        {
            var (found, lines, before, notAscii, isChecked) = (0, 0, 1UL, 0UL, bytes.IsUtf8 && ByteUtf8.IsSupported);
            var (odd, wrong, wide, hasQuotes, quotes) = (0UL, 0UL, 0UL, 0UL, new QuotedBits());
            // That belongs to another text.
            Unsafe.WriteUnaligned(ref Unsafe.Subtract(ref text, 4), (uint)'\n' << 24);
            for (var at = 0; at < length; at += Block)
            {
                ref var block = ref Unsafe.Add(ref text, at);
                var inside = length - at >= Block ? ulong.MaxValue : (1UL << (length - at)) - 1;
                // A character that begins in a block may end in the next.
                var looked = notAscii >> 61;
                notAscii = NotAscii(ref block) & inside;
                wrong |= (looked | notAscii) != 0 && isChecked ? ByteUtf8.Wrong(ref block) & inside : 0;
                var ends = Equal(ref block, (byte)'\n') & inside;
                var here = Equal(ref block, bytes.Separator) & inside;
                if (bytes.Lead != 0)
                {
                    var leads = Equal(ref block, bytes.Lead) | ends;
                    here &= (leads << 1) | before;
                    before = leads >> 63;
                }

                odd |= Odd(ref block, ends) & inside;
                wide |= Equal(ref block, WideLead);
                var quoted = Equal(ref block, (byte)'"') & inside;
                if (isQuoted)
                    here = quotes.Outside(quoted, here, ends, Equal(ref block, (byte)'\r'));
                else
                    hasQuotes |= quoted;
                lines += BitOperations.PopCount(ends);
                found += Write(ref Unsafe.Add(ref marks, found), at, here | ends);
            }

            var valid = !bytes.IsUtf8 || isChecked || Utf8.IsValid(MemoryMarshal.CreateReadOnlySpan(ref text, length));
            return new(
                wrong == 0 && valid ? found : -1, lines, (hasQuotes | quotes.Doubled) != 0,
                (odd | quotes.Odd) != 0, wide != 0);
        }
    }

    /// <summary>Control characters but TAB and the ends of lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Odd(ref byte block, ulong ends)
    {
        unchecked
        {
            var returns = Equal(ref block, (byte)'\r');
            var before = (returns << 1) | (Unsafe.Subtract(ref block, 1) == '\r' ? 1UL : 0);
            return (Below(ref block, (byte)' ') & ~(ends | returns | Equal(ref block, (byte)'\t')))
                | Equal(ref block, 0x7F) | (before & ~ends);
        }
    }

    // Always eight at a time: a loop as long as there are bits would be guessed wrongly at its end each time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Write(ref int marks, int at, ulong bits)
    {
        unchecked
        {
            var count = BitOperations.PopCount(bits);
            for (var written = 0; written < count; written += 8)
            {
                ref var next = ref Unsafe.Add(ref marks, written);
                for (var i = 0; i < 8; i++)
                {
                    Unsafe.Add(ref next, i) = at + BitOperations.TrailingZeroCount(bits);
                    bits &= bits - 1;
                }
            }

            return count;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Below(ref byte block, byte value)
    {
        if (Vector512.IsHardwareAccelerated)
            return Vector512.LessThan(Vector512.LoadUnsafe(ref block), Vector512.Create(value))
                .ExtractMostSignificantBits();
        var limit = Vector256.Create(value);
        var low = Vector256.LessThan(Vector256.LoadUnsafe(ref block), limit).ExtractMostSignificantBits();
        var high = Vector256.LessThan(Vector256.LoadUnsafe(ref block, 32), limit).ExtractMostSignificantBits();
        return low | ((ulong)high << 32);
    }
}
