using System.Globalization;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>Tells which of Excel's number formats show a date or a time of day.</summary>
internal static class NumberFormat
{
    /// <summary>The formats that Excel knows by number; 27 to 36 and 50 to 58 are those of East Asia.</summary>
    public static bool IsDateNumber(string id) => int.TryParse(id, CultureInfo.InvariantCulture, out var number)
        && number is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58);

    /// <param name="code">As <c>yyyy"年"m"月"d"日";@</c>.</param>
    public static bool IsDate(string code)
    {
        // The plain format's own name has an e, which is a year elsewhere.
        if (code.Contains("General", StringComparison.OrdinalIgnoreCase))
            return false;
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case '"':
                    i = IndexAfter(code, '"', i);
                    break;
                case '[' when !IsElapsed(code, i):
                    i = IndexAfter(code, ']', i);
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case 'y' or 'm' or 'd' or 'h' or 's' or 'Y' or 'M' or 'D' or 'H' or 'S' or 'e':
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    // [h]:mm is a time; [Red] and [$-804] are not.
    private static bool IsElapsed(string code, int at) =>
        at + 2 < code.Length && code[at + 1] is 'h' or 'm' or 's' && code[at + 2] is ']' or 'h' or 'm' or 's';

    private static int IndexAfter(string code, char end, int at)
    {
        var found = code.IndexOf(end, at + 1);
        return found < 0 ? code.Length : found;
    }
}
