using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>What the finance files' CSV tables have in common: how they begin and how they are summed up.</summary>
internal static class FinanceTables
{
    public static CsvTable Open(Stream stream, params ReadOnlySpan<string> headers) =>
        new(stream, CsvProfile.Excel, headers);

    /// <summary>The last lines: sums, one line for each currency; zeros of yuan for a file without rows.</summary>
    /// <param name="before">Empty cells between the word and the currency.</param>
    /// <param name="after">Empty cells after the last sum.</param>
    public static void Totals(this CsvTable table, Sums sums, int before, int after)
    {
        foreach (var currency in sums.Currencies.DefaultIfEmpty(nameof(Currency.CNY)))
        {
            table.Text("合计").Blank(before).Text(currency);
            foreach (var name in sums.Names)
                table.Money(sums.Of(currency, name), currency);
            table.Blank(after);
            table.EndExtra();
        }
    }
}
