namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Amounts as order exports write them, read digit by digit.</summary>
internal static class OrderAmount
{
    private const int WholeDigitsMax = 12;
    private const int DecimalsMax = 10;

    // The full-width forms of ! to ~.
    private const char WideFirst = '\uFF01';
    private const char WideLast = '\uFF5E';

    private static readonly string[] Yuan = ["¥", "￥", "CNY", "RMB", "人民币"];
    private static readonly string[] YuanBehind = ["CNY", "RMB", "人民币", "元"];

    /// <summary>Reads an amount in whole fen: of yuan two decimals count, of fen none.</summary>
    /// <inheritdoc cref="TryRead(ReadOnlySpan{char}, int, bool, out long)"/>
    public static bool TryRead(ReadOnlySpan<char> text, AmountUnit unit, bool exact, out long minor) =>
        TryRead(text, unit is AmountUnit.Fen ? 0 : 2, exact, out minor);

    /// <summary>Reads <c>-12.3</c>, <c>¥1,234.50</c>, <c>12.30元</c>, <c>CNY 45.0</c>, and <c>(12.30)</c>, which is
    /// less than nothing, as units of the given decimal. What names another currency is no amount.</summary>
    /// <param name="exact">Refuse further decimals unless they are zero; otherwise they are rounded, half to
    /// even.</param>
    public static bool TryRead(ReadOnlySpan<char> text, int decimals, bool exact, out long units) =>
        TryReadNarrow(text, decimals, exact, out units)
        || (text.ContainsAnyInRange(WideFirst, WideLast)
            && TryReadNarrow(Narrow(text), decimals, exact, out units));

    // Chinese input methods write ＲＭＢ１２．５０ now and then. Only what does not read otherwise is looked at again.
    private static string Narrow(ReadOnlySpan<char> text) => string.Create(text.Length, text, (narrow, wide) =>
    {
        for (var at = 0; at < wide.Length; at++)
            narrow[at] = wide[at] is >= WideFirst and <= WideLast ? (char)(wide[at] - WideFirst + '!') : wide[at];
    });

    private static bool TryReadNarrow(ReadOnlySpan<char> text, int decimals, bool exact, out long units)
    {
        units = 0;
        // The sign, or the bracket, stands before the currency's, or behind it.
        var isYuan = SkipsYuan(ref text);
        var inBrackets = text is ['(', .., ')'] or ['（', .., '）'];
        if (inBrackets)
            text = text[1..^1].Trim(' ');
        var negative = inBrackets || text is ['-', ..];
        if (!inBrackets && text is ['-' or '+', ..])
            text = text[1..];
        if (!isYuan)
            SkipsYuan(ref text);
        var point = text.IndexOf('.');
        var fraction = point < 0 ? [] : text[(point + 1)..];
        if (!TryReadWhole(point < 0 ? text : text[..point], ref units) || fraction.Length > DecimalsMax)
            return false;

        long rest = 0, unit = 1;
        for (var i = 0; i < Math.Max(decimals, fraction.Length); i++)
        {
            var digit = i < fraction.Length ? fraction[i] - '0' : 0;
            if (digit is < 0 or > 9)
                return false;
            if (i < decimals)
                units = (units * 10) + digit;
            else
                (rest, unit) = ((rest * 10) + digit, unit * 10);
        }

        if (rest != 0 && exact)
            return false;
        units += rest * 2 > unit || (rest * 2 == unit && units % 2 != 0) ? 1 : 0;
        units = negative ? -units : units;
        return true;
    }

    // Most amounts begin and end with a digit, and name no currency.
    private static bool SkipsYuan(ref ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || (char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])))
            return false;
        var length = text.Length;
        foreach (var name in Yuan)
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                text = text[name.Length..].TrimStart(' ');
                break;
            }
        }

        var begins = text.Length < length;
        foreach (var name in YuanBehind)
        {
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase))
                text = text[..^name.Length].TrimEnd(' ');
        }

        text = text.Trim(' ');
        return begins;
    }

    private static bool TryReadWhole(ReadOnlySpan<char> text, ref long units)
    {
        var digits = 0;
        var sinceComma = -1;
        foreach (var character in text)
        {
            if (character == ',' && (sinceComma == 3 || (sinceComma < 0 && digits is > 0 and <= 3)))
            {
                sinceComma = 0;
                continue;
            }

            if (!char.IsAsciiDigit(character) || ++digits > WholeDigitsMax)
                return false;
            sinceComma += sinceComma < 0 ? 0 : 1;
            units = (units * 10) + (character - '0');
        }

        return digits > 0 && sinceComma is -1 or 3;
    }
}
