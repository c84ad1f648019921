using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Numbers and times as bytes, the usual forms only: whatever is unusual is left to the careful reader.
/// </summary>
/// <remarks>Each reads 8 bytes at a time: 8 bytes before the text's end must be readable, even if it is shorter.
/// </remarks>
internal static class ByteText
{
    /// <summary>Of a day and a time of day: <c>2026-11-20 08:00:00</c>.</summary>
    public const int TimeLength = 19;

    private const ulong Zeros = 0x3030_3030_3030_3030, Threes = 0x3333_3333_3333_3333;
    private const ulong HighHalves = 0xF0F0_F0F0_F0F0_F0F0, Sixes = 0x0606_0606_0606_0606;

    /// <summary>Reads <c>12.30</c> with exactly so many decimals and at most 7 digits, no sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadShort(ref byte end, int length, int decimals, out long units)
    {
        units = 0;
        unchecked
        {
            if (length > 8 || length < decimals + 2)
                return false;
            // The first byte of the text is in the lowest place that counts; the last always in the highest.
            var text = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref end, 8));
            var point = 8 * (7 - decimals);
            if (((text >> point) & 0xFF) != '.')
                return false;
            var whole = text & ((1UL << point) - 1);
            var digits = (text & ~((1UL << (point + 8)) - 1)) | (whole << 8);
            // What stands before the text becomes zeros; the digits before the point have moved up by one.
            var before = (1UL << (8 * (9 - length))) - 1;
            digits = (digits & ~before) | (Zeros & before);
            return TryReadDigits(digits, out units);
        }
    }

    /// <summary>Reads two such at once, the first with two decimals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadShort(ByteCell fen, ByteCell other, int otherDecimals, out long fenUnits, out long units)
    {
        if (!Avx2.IsSupported)
            return TryReadShort(ref fen.End, fen.Length, 2, out fenUnits)
                & TryReadShort(ref other.End, other.Length, otherDecimals, out units);
        unchecked
        {
            var text = Vector128.Create(
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref fen.End, 8)),
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref other.End, 8))).AsByte();
            var length = Vector128.Create((long)fen.Length, other.Length);
            var point = Vector128.Create(Point(2), Point(otherDecimals)).AsByte();
            var isWrong = Vector128.GreaterThan(length, Vector128.Create(8L)).AsByte()
                | Vector128.LessThan(length, Vector128.Create(4L, otherDecimals + 2)).AsByte()
                | ((text ^ Vector128.Create((byte)'.')) & point);
            // As above: the digits before the point move up by one, and what stands before the text is zero.
            var inside = Avx2.ShiftLeftLogicalVariable(
                Vector128<ulong>.AllBitsSet, ((Vector128.Create(9L) - length) << 3).AsUInt64());
            var moved = Vector128.Create(WithoutPoint(2), WithoutPoint(otherDecimals) + SecondText).AsByte();
            var digits = (Ssse3.Shuffle(text, moved) - Vector128.Create((byte)'0')) & inside.AsByte();
            isWrong |= Sse2.SubtractSaturate(digits, Vector128.Create((byte)9));
            var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((short)0x010A).AsSByte());
            var halves = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064).AsInt16()).AsUInt64();
            var numbers = Sse2.Multiply(halves.AsUInt32(), Vector128.Create(10_000U)) + (halves >> 32);
            (fenUnits, units) = ((long)numbers[0], (long)numbers[1]);
            return isWrong == Vector128<byte>.Zero;
        }
    }

    // Of the 8 bytes before an amount's end.
    private static ulong Point(int decimals) => 0xFFUL << (8 * (7 - decimals));

    // The numbers of those bytes without the point's; the first has none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WithoutPoint(int decimals)
    {
        const ulong all = 0x07_06_05_04_03_02_01_00;
        var before = (1UL << (8 * (7 - decimals))) - 1;
        return (all & ~before & ~(before << 8) & ~0xFFUL) | ((all & before) << 8) | 0x80;
    }

    private const ulong SecondText = 0x08_08_08_08_08_08_08_00;

    /// <summary>Reads 8 digits, the first in the lowest byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadDigits(ulong text, out long number)
    {
        unchecked
        {
            var values = text - Zeros;
            var pairs = (values * 10) + (values >> 8);
            number = (long)(((((pairs & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
                + (((pairs >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32) & 0xFFFF_FFFF);
            return ((text & HighHalves) | (((text + Sixes) & HighHalves) >> 4)) == Threes;
        }
    }

    /// <summary>Digits before the point of one row's amount: so few that many of them can be summed up.</summary>
    public const int RowDigitsMax = 9;

    /// <summary>Reads <c>-12.3</c> as units of the given decimal, as the careful reader of bills does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, int decimals, int wholeMax, out long units)
    {
        units = 0;
        var negative = text is [(byte)'-', ..];
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.Length == 0 || whole.Length > wholeMax
            || fraction.Length > decimals || (point >= 0 && fraction.IsEmpty)
            || !TryAdd(whole, ref units) || !TryAdd(fraction, ref units))
            return false;

        for (var i = fraction.Length; i < decimals; i++)
            units *= 10;
        units = negative ? -units : units;
        return true;
    }

    private static bool TryAdd(ReadOnlySpan<byte> digits, ref long units)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            units = (units * 10) + (digit - '0');
        }

        return true;
    }

    /// <summary>Hundred-thousandths of a yuan as fen, half to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RoundedFen(long hundredThousandths)
    {
        unchecked
        {
            var fen = hundredThousandths / 1_000;
            var rest = hundredThousandths - (fen * 1_000);
            if (rest == 0)
                return fen;
            var twice = Math.Abs(rest) * 2;
            return twice > 1_000 || (twice == 1_000 && (fen & 1) != 0) ? fen + Math.Sign(rest) : fen;
        }
    }

    /// <summary>True for <c>HH:mm:ss</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTimeOfDay(ref byte text)
    {
        unchecked
        {
            const ulong colons = 0x0000_3A00_003A_0000, colonBytes = 0x0000_FF00_00FF_0000;
            var bytes = Unsafe.ReadUnaligned<ulong>(ref text);
            if ((bytes & colonBytes) != colons)
                return false;
            var digits = (bytes & ~colonBytes) | (Zeros & colonBytes);
            if (((digits & HighHalves) | (((digits + Sixes) & HighHalves) >> 4)) != Threes)
                return false;
            var values = digits - Zeros;
            var pairs = (values * 10) + (values >> 8);
            return (byte)pairs < 24 && (byte)(pairs >> 24) < 60 && (byte)(pairs >> 48) < 60;
        }
    }

    /// <summary>The day of a text that begins with it.</summary>
    public static bool TryReadDay(ReadOnlySpan<byte> text, out BusinessDay day)
    {
        Span<char> characters = stackalloc char[10];
        for (var i = 0; i < characters.Length; i++)
            characters[i] = (char)text[i];
        return BusinessDay.TryParse(characters.ToString(), out day) && day.Date.Year > 1;
    }
}
