using System.Globalization;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>Times as bills write them.</summary>
internal static class BillTime
{
    private const string Form = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Reads <c>2026-11-20 08:00:00</c>, Beijing time.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out DateTime time)
    {
        // Digit by digit it takes a tenth of the time; what is not that plain the runtime decides.
        if (text is [_, _, _, _, '-', _, _, '-', _, _, ' ', _, _, ':', _, _, ':', _, _]
            && Number(text[..4]) is >= 1 and var year && Number(text[5..7]) is >= 1 and <= 12 and var month
            && Number(text[8..10]) is >= 1 and <= 28 and var day && Number(text[11..13]) is >= 0 and <= 23 and var hour
            && Number(text[14..16]) is >= 0 and <= 59 and var minute
            && Number(text[17..]) is >= 0 and <= 59 and var second)
        {
            time = new(year, month, day, hour, minute, second);
            return true;
        }

        return DateTime.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    // -1 when it is none.
    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
                return -1;
            number = (number * 10) + (digit - '0');
        }

        return number;
    }
}
