using System.Globalization;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>How values of a read model's columns are written in a question.</summary>
/// <remarks>PostgreSQL takes more, and other things: <c>yesterday</c>, or a moment by the session's own zone.</remarks>
internal static class ColumnForm
{
    /// <summary>What is expected of a column of this type; null when the text is that, or empty, which stands for
    /// nothing.</summary>
    public static string? Expected(string type, string text) => type switch
    {
        _ when text.Length == 0 => null,
        "bigint" or "integer" or "smallint" => IsWhole(text)
            ? null
            : "a whole number (amounts are in minor units: 100.00 yuan is 10000)",
        "date" => BusinessDay.TryParse(text, out _) ? null : "a day as yyyy-MM-dd",
        "timestamp with time zone" => LogPoint.Parse(text) is LogPoint.Moment
            ? null
            : "a moment with its offset, such as 2026-11-21T18:00:00+08:00",
        "boolean" => text is "true" or "false" ? null : "true or false",
        _ => null,
    };

    private static bool IsWhole(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
