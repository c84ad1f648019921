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

    /// <summary>A share in percent; one in a million still shows.</summary>
    public static string Rate(double rate) => rate == 0
        ? "0"
        : (rate * 100).ToString(rate < 0.01 ? "0.0000" : "0.00", CultureInfo.InvariantCulture) + "%";

    /// <summary>A share in percent beside an axis: all of one axis with as many decimals as its step needs.</summary>
    public static string Mark(double rate, double step)
    {
        var decimals = Enumerable.Range(0, 8)
            .First(places => places == 7 || IsWhole(step * 100 * Math.Pow(10, places)));
        return rate == 0 ? "0" : (rate * 100).ToString($"F{decimals}", CultureInfo.InvariantCulture) + "%";
    }

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < 1e-6 && value > 0.5;

    /// <summary>The round distance between the lines of an axis that reaches so far with about four of them.</summary>
    public static double Step(double reach)
    {
        if (reach <= 0)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(reach / 4)));
        return Steps.First(step => step * power >= reach / 4 * 0.999) * power;
    }

    private static string Plain(double value) =>
        value.ToString("#,##0.##;−#,##0.##", CultureInfo.InvariantCulture);
}
