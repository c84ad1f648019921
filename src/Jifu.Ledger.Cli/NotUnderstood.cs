using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;

namespace Jifu.Ledger.Cli;

/// <summary>Says what cannot be understood in the words of the command line: the parser names types of .NET.</summary>
internal static partial class NotUnderstood
{
    private const string NoCommand = "Required command was not provided.";

    /// <summary>What is wrong with a command line, and what may have been meant, on standard error.</summary>
    public static async Task<int> Tell(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        var errors = parsed.Errors.Select(error => Said(error.Message)).Distinct().ToList();
        foreach (var error in errors.Where(error => errors.Count == 1 || error != NoCommand))
            await Console.Error.WriteLineAsync(error);
        if (parsed.Action is ParseErrorAction { ShowTypoCorrections: true } action)
        {
            action.ShowHelp = false;
            using var corrections = new StringWriter();
            await parsed.InvokeAsync(new() { Output = corrections, Error = TextWriter.Null });
            await Console.Error.WriteAsync(corrections.ToString().TrimEnd() is { Length: > 0 } told ? told + "\n" : "");
        }

        return ExitCodes.Usage;
    }

    public static string Said(string message) => TypeNamed().Match(message) is { Success: true } match
        ? $"{match.Groups["of"]}: '{match.Groups["written"]}' {Wrong(match.Groups["type"].Value)}."
        : message;

    private static string Wrong(string type) => type switch
    {
        _ when type.Contains("Int32", StringComparison.Ordinal) => $"is no whole number of at most {int.MaxValue:N0}",
        _ when type.Contains("Int64", StringComparison.Ordinal) => $"is no whole number of at most {long.MaxValue:N0}",
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "is neither true nor false",
        _ when type.Contains("Uri", StringComparison.Ordinal) => "is no address",
        _ => "is not what can stand there",
    };

    [GeneratedRegex(
        "^Cannot parse argument '(?<written>.*)' for (option|command) '(?<of>.*)' as expected type '(?<type>.*)'",
        RegexOptions.Singleline)]
    private static partial Regex TypeNamed();
}
