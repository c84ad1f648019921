using System.Globalization;

namespace Jifu.Ledger.Operations.Reports.Pages;

/// <summary>Numbers as a page shows them.</summary>
internal static class Figures
{
    private static readonly double[] Steps = [1, 2, 2.5, 5, 10];

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Money(long minorUnits, string currency = "CNY") => currency == nameof(Currency.JPY)
        ? Count(minorUnits)
        : (minorUnits * 0.01m).ToString("#,##0.00;−#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>An amount in few characters, for axes: <c>1.2万</c>.</summary>
    public static string Short(double minorUnits)
    {
        var main = minorUnits / 100;
        return Math.Abs(main) switch
        {
            >= 1e8 => $"{Plain(main / 1e8)}亿",
            >= 1e4 => $"{Plain(main / 1e4)}万",
            _ => Plain(main),
        };
    }

    /// <summary>A share in percent, or in parts of ten thousand (‱) when it is small.</summary>
    public static string Rate(double rate) => rate switch
    {
        0 => "0",
        >= 0.001 => (rate * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%",
        _ => (rate * 10_000).ToString("0.##", CultureInfo.InvariantCulture) + "‱",
    };

    /// <summary>A round number at or above the value, for the top of an axis.</summary>
    public static double Top(double value)
    {
        if (value <= 0)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Steps.First(step => step * power >= value * 0.999) * power;
    }

    private static string Plain(double value) =>
        value.ToString("#,##0.##;−#,##0.##", CultureInfo.InvariantCulture);
}
