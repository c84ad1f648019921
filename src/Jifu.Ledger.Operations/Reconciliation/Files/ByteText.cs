using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Numbers and times as bytes, the usual forms only: whatever is unusual is left to the careful reader.
/// </summary>
/// <remarks>Each reads 8 bytes at a time: 8 bytes before the text's end must be readable, even if it is shorter.
/// </remarks>
internal static class ByteText
{
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
            || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;

        foreach (var digit in whole)
            units = (units * 10) + (digit - '0');
        for (var i = 0; i < decimals; i++)
            units = (units * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        units = negative ? -units : units;
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

    /// <summary>A day as <c>yyyy-MM-dd</c>, packed: its bytes without the last two, and those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong Start, ushort End) PackedDay(ref byte text) =>
        (Unsafe.ReadUnaligned<ulong>(ref text), Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref text, 8)));

    /// <summary>The day of a text that begins with it.</summary>
    public static bool TryReadDay(ReadOnlySpan<byte> text, out BusinessDay day)
    {
        Span<char> characters = stackalloc char[10];
        for (var i = 0; i < characters.Length; i++)
            characters[i] = (char)text[i];
        return BusinessDay.TryParse(characters.ToString(), out day) && day.Date.Year > 1;
    }
}
