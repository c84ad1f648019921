using System.Globalization;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>What the cells of a column look like: amounts, or times.</summary>
internal static class CellForms
{
    public static bool AreAmounts(OrderSample orders, int column) => orders.Values(column).Any()
        && AreMost(orders, column, value => OrderAmount.TryRead(value, AmountUnit.Yuan, exact: false, out _));

    public static bool AreTimes(OrderSample orders, int column) =>
        AreMost(orders, column, value => DayOf(value) is not null);

    // As the export will be read; or as it may be meant, and then reading it will name the cell. Numbers of channels
    // begin with a date, too, and are longer.
    public static BusinessDay? DayOf(string text)
    {
        if (OrderColumns.TryReadTime(text, out var at))
            return at is { } moment ? BusinessDay.Of(moment) : null;
        return text.Length >= 8 && !text.All(char.IsAsciiDigit) && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var date)
            ? new(DateOnly.FromDateTime(date))
            : null;
    }

    // A cell that somebody has mistyped does not make another column of it: reading it will name the cell.
    private static bool AreMost(OrderSample orders, int column, Func<string, bool> fits)
    {
        var values = orders.Values(column).Take(1_000).ToList();
        var others = values.Count(value => !fits(value));
        return others == 0 || (others * 2 < values.Count && others <= Math.Max(1, values.Count / 10));
    }
}
