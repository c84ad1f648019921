using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>Text on a terminal: colours where they are wanted, and widths as a terminal counts them, where a Chinese
/// character takes two cells.</summary>
internal sealed class Ink(bool colours)
{
    public string Dim(string text) => Coloured("2", text);
    public string Bold(string text) => Coloured("1", text);
    public string Blue(string text) => Coloured("36", text);
    public string Red(string text) => Coloured("31", text);
    public string Green(string text) => Coloured("32", text);

    /// <summary>As this console wants it.</summary>
    public static Ink For(IAnsiConsole console) =>
        new(console.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors });

    public static int Width(string text) => text.EnumerateRunes().Sum(CellsOf);

    /// <summary>The text, cut to so many cells.</summary>
    public static string Cut(string text, int cells)
    {
        if (Width(text) <= cells)
            return text;
        var (cut, left) = (new StringBuilder(), cells - 1);
        foreach (var rune in text.EnumerateRunes())
        {
            left -= CellsOf(rune);
            if (left < 0)
                break;
            cut.Append(rune);
        }

        return cut.Append('…').ToString();
    }

    /// <summary>The text on the left of so many cells, and longer when it is.</summary>
    public static string Left(string text, int cells) => text + new string(' ', Math.Max(0, cells - Width(text)));

    public static string Right(string text, int cells) => new string(' ', Math.Max(0, cells - Width(text))) + text;

    /// <summary>What others wrote, without anything that could steer the terminal.</summary>
    public static string Plain(string text)
    {
        if (!text.Any(IsUnseen))
            return text;
        return string.Concat(text.Select(c => IsUnseen(c) ? '·' : c));
    }

    private static bool IsUnseen(char c) => char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;

    private static int CellsOf(Rune rune) => rune.IsAscii ? 1 : new Segment(rune.ToString()).CellCount();

    private string Coloured(string code, string text) => colours ? $"\e[{code}m{text}\e[0m" : text;
}
