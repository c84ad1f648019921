namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows of an order export that sum up others: 合计, 小计, total. They are no orders.</summary>
internal static class SumRow
{
    /// <summary>What such a row is called where an order has its number and its status.</summary>
    public const string Word = "合计";

    private static readonly string[] Begins = [Word, "总计", "小计", "共计", "累计", "本页"];
    private static readonly string[] Wholes = ["total", "subtotal", "sub total", "grand total", "sum"];

    /// <summary>Whether a cell, stripped, says so. Numbers of orders may begin as English words do.</summary>
    public static bool Is(string cell)
    {
        // Nearly no number of an order begins so; this is asked of each row.
        if (cell.Length == 0 || (char.IsAscii(cell[0]) && cell[0] is not ('t' or 'T' or 's' or 'S' or 'g' or 'G')))
            return false;
        foreach (var word in Begins)
            if (cell.StartsWith(word, StringComparison.Ordinal))
                return true;
        var whole = cell.AsSpan().TrimEnd(":： ");
        foreach (var word in Wholes)
            if (whole.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>Whether the first cell that is not empty says so.</summary>
    public static bool BeginsAs(List<string> cells) => cells.Find(cell => cell.Length > 0) is { } first && Is(first);

    /// <summary>The same, or there is no such cell.</summary>
    public static bool BeginsAsOrIsEmpty(List<string> cells) =>
        cells.Find(cell => cell.Length > 0) is not { } first || Is(first);
}
