using System.Globalization;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>Numbers as they stand in a workbook's XML.</summary>
internal static class CellNumber
{
    // Day 0 of Excel's calendar for every date after 1900-02-28.
    private static readonly DateOnly Epoch = new(1899, 12, 30);

    /// <summary>Exact to the last minor unit; Excel itself keeps 15 digits.</summary>
    public static string Money(long minorUnits, string currency) => currency == nameof(Currency.JPY)
        ? minorUnits.ToString(CultureInfo.InvariantCulture)
        : (minorUnits * 0.01m).ToString("0.00", CultureInfo.InvariantCulture);

    public static CellStyle MoneyStyle(string currency) =>
        currency == nameof(Currency.JPY) ? CellStyle.WholeMoney : CellStyle.Money;

    public static string Date(DateOnly date) => Days(date).ToString(CultureInfo.InvariantCulture);

    /// <summary>Beijing time, to the second.</summary>
    public static string Moment(DateTimeOffset moment)
    {
        var local = moment.ToOffset(BusinessDay.Offset);
        var seconds = local.TimeOfDay.Ticks / TimeSpan.TicksPerSecond;
        return (Days(DateOnly.FromDateTime(local.DateTime)) + (seconds / 86_400m))
            .ToString("0.###########", CultureInfo.InvariantCulture);
    }

    private static int Days(DateOnly date) => date.DayNumber - Epoch.DayNumber;
}
