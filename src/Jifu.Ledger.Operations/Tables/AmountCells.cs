using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>Amounts that differences tell as text, once more as numbers to reckon with.</summary>
internal static class AmountCells
{
    /// <summary>A cell with the number in <c>CNY 2938.96</c>; empty for a text that is no amount.</summary>
    /// <param name="isForPrograms">In minor units.</param>
    public static ITable Amount(this ITable table, string text, string currency, bool isForPrograms) =>
        MoneyText.MinorOf(text, currency) is { } minor ? table.Amount(minor, currency, isForPrograms) : table.Blank();

    /// <inheritdoc cref="Amount(ITable, string, string, bool)"/>
    public static ITable Amount(this ITable table, long minor, string currency, bool isForPrograms) =>
        isForPrograms ? table.Count(minor) : table.Money(minor, currency);
}
