using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>Text as it stands in a workbook's XML. What XML cannot hold is written <c>_x0007_</c>, as Excel
/// does.</summary>
internal static partial class CellText
{
    /// <summary>Characters in a cell; Excel calls a file with more broken.</summary>
    public const int LengthMax = 32_767;

    private const string Cut = "…[cut]";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    public static string Escape(string text)
    {
        var fitting = Fitting(text);
        return NeedsEscape(fitting) ? Escaped(fitting) : fitting;
    }

    public static string Unescape(string text) => !text.Contains("_x", StringComparison.Ordinal)
        ? text
        : Code.Replace(text, code => $"{(char)Convert.ToUInt16(code.Groups[1].Value, 16)}");

    private static bool NeedsEscape(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' and not '\n' and not '\t' or '\uFFFE' or '\uFFFF'
                || char.IsSurrogate(text[i]) || (text[i] == '_' && StartsCode(text, i)))
                return true;
        }

        return false;
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]))
                escaped.Append(c).Append(text[++i]);
            else if (c is < ' ' and not '\n' and not '\t' or '\uFFFE' or '\uFFFF' || char.IsSurrogate(c)
                || (c == '_' && StartsCode(text, i)))
                escaped.Append(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_");
            else
                escaped.Append(c);
        }

        return $"{escaped}";
    }

    // Without its closing underline too: the next character's code may bring one.
    private static bool StartsCode(string text, int at) => text.Length >= at + 6 && text[at + 1] == 'x'
        && !text.AsSpan(at + 2, 4).ContainsAnyExcept(HexDigits);

    // A cut that shows is better than a report that does not open.
    private static string Fitting(string text)
    {
        if (text.Length <= LengthMax)
            return text;
        var end = LengthMax - Cut.Length;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Cut;
    }

    [GeneratedRegex("_x([0-9A-Fa-f]{4})_")]
    private static partial Regex Code { get; }
}
