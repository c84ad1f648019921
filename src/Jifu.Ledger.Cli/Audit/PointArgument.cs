using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Jifu.Ledger.EventLog.Search;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>A place in the log as people write it: <c>12345</c>, <c>2026-11-21 18:00</c>, <c>2026-11-21</c>,
/// <c>start</c> or <c>now</c>. A time without an offset is Asia/Shanghai's.</summary>
internal static class PointArgument
{
    private static readonly string[] LocalTimes =
    [
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
    ];

    private static readonly string[] Moments =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    public static Option<string?> Option(string name, string description) => new(name)
    {
        Description = description, HelpName = "POINT", CustomParser = Read,
    };

    public static Argument<string?> Argument(string name, string description) => new(name)
    {
        Description = description, CustomParser = Read,
    };

    /// <summary>The same as the API reads it; null when it is no place in the log.</summary>
    public static string? Parse(string text)
    {
        if (text is "start" or "now" || BusinessDay.TryParse(text, out _)
            || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return text;
        var (culture, none) = (CultureInfo.InvariantCulture, DateTimeStyles.None);
        if (DateTime.TryParseExact(text, LocalTimes, culture, none, out var local))
            return LogTime.HasYear(local.Year) ? Moment(new(local, BusinessDay.Offset)) : null;
        return DateTimeOffset.TryParseExact(text, Moments, culture, none, out var at) ? Moment(at) : null;
    }

    private static string Moment(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);

    private static string? Read(ArgumentResult result)
    {
        if (Parse(result.Tokens[0].Value) is { } point)
            return point;
        var name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
        result.AddError(
            $"{name}: '{result.Tokens[0].Value}' is no place in the log. Write a position (12345), a time "
            + "(\"2026-11-21 18:00\" is Asia/Shanghai's, or with an offset), a day (2026-11-21), start or now.");
        return null;
    }
}
