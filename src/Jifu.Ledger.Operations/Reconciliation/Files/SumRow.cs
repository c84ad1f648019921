using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows of a table that sum up others: 合计, 小计, total. They are no orders, and move no money.</summary>
internal static class SumRow
{
    /// <summary>What such a row is called where an order has its number and its status.</summary>
    public const string Word = "合计";

    private static readonly string[] Chinese = [Word, "总计", "小计", "共计", "累计", "本页"];
    private static readonly string[] English = ["total", "subtotal", "sub total", "grand total", "sum"];

    /// <summary>Whether a cell, stripped, says so. Numbers of orders may begin as English words do.</summary>
    public static bool Is(string cell)
    {
        // Nearly no number of an order begins so; this is asked of each row.
        if (cell.Length == 0 || !MayBegin(cell[0]))
            return false;
        var whole = cell.AsSpan().TrimEnd(":： ");
        foreach (var word in English)
            if (whole.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return BeginsChinese(cell);
    }

    /// <summary>Whether a cell begins so, where no numbers of orders stand: <c>Total of 12 lines</c>, but not
    /// <c>Summit Trading</c>.</summary>
    public static bool Begins(string cell) => BeginsChinese(cell) || Array.Exists(
        English, word => cell.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            && !(cell.Length > word.Length && char.IsAsciiLetter(cell[word.Length])));

    /// <summary>Whether what begins with a character, or a byte of UTF-8 or GB 18030, may say so.</summary>
    public static bool MayBegin(int first) => first >= 0x80 || (char)first is 't' or 'T' or 's' or 'S' or 'g' or 'G';

    /// <summary>Whether an order, as the fast reader has it, is such a row.</summary>
    /// <remarks>A row that has a time is none. That of a refund with a number of its own says so where payments have
    /// theirs, and is left to the careful reader.</remarks>
    public static bool Is(OrderLine line, OrderMapping mapping) =>
        line.At is null && Is(line.Number) && !(line.Kind is BillLineKind.Refund && mapping.RefundNumber is not null);

    /// <summary>Such a row as the comparison has it: not done, as it were, and counting nowhere.</summary>
    public static OrderLine Line(int lineNo) => new(
        BillLineKind.Payment, Word, "", new(0, Currency.CNY), null, Word, null, "", lineNo);

    /// <summary>Whether the first cell that is not empty says so.</summary>
    public static bool BeginsAs(List<string> cells) => cells.Find(cell => cell.Length > 0) is { } first && Is(first);

    /// <summary>The same, or there is no such cell.</summary>
    public static bool BeginsAsOrIsEmpty(List<string> cells) =>
        cells.Find(cell => cell.Length > 0) is not { } first || Is(first);

    private static bool BeginsChinese(string cell) =>
        Array.Exists(Chinese, word => cell.StartsWith(word, StringComparison.Ordinal));
}
