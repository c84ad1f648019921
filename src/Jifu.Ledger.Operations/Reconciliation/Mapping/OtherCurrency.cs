namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds rows of an order export whose amounts are in another currency than the yuan, where a column says
/// so.</summary>
internal static class OtherCurrency
{
    /// <summary>What such a column says of yuan, in capitals or not.</summary>
    public static readonly string[] Yuan =
        ["CNY", "RMB", "CNH", "人民币", "人民币元", "元", "¥", "￥", "156", "cny", "rmb"];

    /// <summary>Whether a column of such a heading says in which currency amounts are.</summary>
    public static bool IsHeading(string heading) => HeadingWords.Is(heading, HeadingWords.Currency);

    /// <summary>Whether what stands there, trimmed, leaves the amount in yuan.</summary>
    public static bool IsYuan(string said) =>
        said.Length == 0 || Yuan.Contains(said, StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks about them: a dollar's amount must not be read as yuan.</summary>
    public static void Ask(ColumnGuess columns)
    {
        var orders = columns.Orders;
        for (var column = 0; column < orders.Headings.Count; column++)
        {
            if (!IsHeading(orders.Headings[column]))
                continue;
            var at = column;
            var others = orders.Rows.Where(columns.IsNumbered).Select(row => row[at])
                .Where(said => !IsYuan(said))
                .Distinct().Take(3).ToList();
            if (others.Count > 0)
                columns.Doubt($"Column {orders.Headings[column]} says {string.Join(", ", others)}, and only yuan are "
                    + "compared. Export the orders in yuan without the others.");
        }
    }
}
