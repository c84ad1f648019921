using System.Buffers;
using System.Globalization;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>What a number in a workbook's XML says to people.</summary>
internal static class CellReading
{
    private const double DaysMax = 2_958_466; // the day after 9999-12-31

    private static readonly SearchValues<char> Plain = SearchValues.Create("0123456789.");

    /// <summary>A number without exponent and without the noise beyond Excel's 15 digits; null for a whole number so
    /// long that Excel has lost digits of it, or for no number.</summary>
    public static string? Number(string value)
    {
        if (IsPlain(value) && value.Count(char.IsAsciiDigit) <= 15)
            return value;
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
            return null;
        // Other programs than Excel write whole numbers with all their digits: those are exact.
        if (Math.Abs(number) >= 1e15)
            return IsPlain(value) && !value.Contains('.', StringComparison.Ordinal) ? value : null;
        var shown = decimal.Parse(
            number.ToString("G15", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        return shown.ToString("0.############################", CultureInfo.InvariantCulture);
    }

    /// <summary>A date, a date with time of day, or a time of day; null when it is none.</summary>
    public static string? Date(string value, bool from1904)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var days)
            || days is not (>= 0 and < DaysMax))
            return null;
        if (days < 1 && !from1904)
            return Time(days);
        // Excel has a 29 February 1900; before it each day is one number lower.
        var epoch = from1904 ? new DateTime(1904, 1, 1) : new DateTime(1899, 12, days < 60 ? 31 : 30);
        var moment = epoch.AddSeconds(Math.Round(days * 86_400));
        return moment.ToString(
            moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static string Time(double days) =>
        TimeSpan.FromSeconds(Math.Min(Math.Round(days * 86_400), 86_399)).ToString("c", CultureInfo.InvariantCulture);

    private static bool IsPlain(string value)
    {
        var digits = value.AsSpan(value.StartsWith('-') ? 1 : 0);
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && digits.Count('.') <= 1
            && !digits.ContainsAnyExcept(Plain);
    }
}
