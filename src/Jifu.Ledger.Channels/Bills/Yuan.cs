namespace Jifu.Ledger.Channels.Bills;

/// <summary>Amounts of yuan as text, read and written digit by digit: nothing is ever rounded on the way.</summary>
internal static class Yuan
{
    /// <summary>Decimals of an amount: <c>0.03</c> is 3 fen.</summary>
    public const int Fen = 2;

    /// <summary>Decimals of a fee: <c>0.01000</c> is a thousand hundred-thousandths.</summary>
    public const int HundredThousandths = 5;

    private const int WholeDigitsMax = 12;

    /// <summary>Reads how many rows there are; some channels write <c>45.0</c>. False when it is no whole number.
    /// </summary>
    public static bool TryReadCount(ReadOnlySpan<char> text, out long count)
    {
        var read = TryRead(text, Fen, out var hundredths) && hundredths >= 0 && hundredths % 100 == 0;
        count = hundredths / 100;
        return read;
    }

    public static string Text(Int128 units, int decimals)
    {
        var digits = Int128.Abs(units).ToString("D" + (decimals + 1), null);
        return $"{(units < 0 ? "-" : "")}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>Reads <c>-12.30</c> as units of the last decimal; false when it is not such a number or not exact in
    /// so many decimals.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, int decimals, out long units)
    {
        units = 0;
        var negative = text is ['-', ..];
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.Length is 0 or > WholeDigitsMax || fraction.Length > decimals || (point >= 0 && fraction.IsEmpty)
            || !TryAdd(whole, ref units) || !TryAdd(fraction, ref units))
            return false;

        for (var i = fraction.Length; i < decimals; i++)
            units *= 10;
        units = negative ? -units : units;
        return true;
    }

    // Digit by digit: the runtime's search for what is none, compiled ahead of time, makes two objects for each call.
    private static bool TryAdd(ReadOnlySpan<char> digits, ref long units)
    {
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            units = (units * 10) + (digit - '0');
        }

        return true;
    }
}
