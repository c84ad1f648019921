using System.Globalization;
using Spectre.Console;

namespace Jifu.Ledger.Cli;

/// <summary>Where commands write for people: colours only on a terminal and without <c>NO_COLOR</c>, and room enough in
/// a file.</summary>
internal static class Terminal
{
    private const int WidthOfFiles = 120;

    public static IAnsiConsole Out { get; } = Of(Console.Out, Console.IsOutputRedirected);

    /// <summary>Progress and remarks; never part of the result.</summary>
    public static IAnsiConsole Errors { get; } = Of(Console.Error, Console.IsErrorRedirected);

    /// <summary>An amount of fen in yuan, as people read it: <c>1,234.50</c>.</summary>
    public static string Yuan(long fen) => (fen * 0.01m).ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static IAnsiConsole Of(TextWriter writer, bool redirected)
    {
        var plain = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = WidthOfFiles;
        return console;
    }
}
