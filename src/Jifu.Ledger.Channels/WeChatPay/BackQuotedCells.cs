using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>The cells of a bill's line. A back-quote begins each of them, so that a comma may stand inside.</summary>
internal static class BackQuotedCells
{
    /// <summary>Writes a line so. The format has no escapes: in texts, a line break becomes a space and a back-quote an
    /// apostrophe.</summary>
    public static void Write(TextWriter lines, IReadOnlyList<string> cells)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            lines.Write(i == 0 ? "`" : ",`");
            lines.Write(cells[i].Replace('`', '\'').ReplaceLineEndings(" "));
        }

        lines.WriteLine();
    }

    /// <summary>True when a line below the headings is a row, and not yet the headings of totals, which some write with
    /// back-quotes, too.</summary>
    /// <param name="totals">The first of those.</param>
    public static bool IsRow(string line, string totals) => line is ['`', ..] && !IsHeading(line, totals);

    /// <summary>True when a line begins with a heading.</summary>
    public static bool IsHeading(string line, string first) =>
        line.AsSpan(line is ['`', ..] ? 1 : 0).StartsWith(first, StringComparison.Ordinal);

    public static BillCells<THeading> Of<THeading>(string line, BillText file, BillHeader<THeading> header)
        where THeading : struct, Enum
    {
        if (line is not ['`', ..])
            throw file.Reject(BillRejection.BillRowMalformed, 1, "a back-quote before the first cell");

        var (cells, count) = (new Range[header.Count], 0);
        for (var start = 1; start >= 0; count++)
        {
            var end = line.AsSpan(start).IndexOf(",`");
            if (count < cells.Length)
                cells[count] = end < 0 ? start..line.Length : start..(start + end);
            start = end < 0 ? -1 : start + end + 2;
        }

        if (count == cells.Length)
            return new(line, cells, file, header);
        throw file.Reject(
            file.LineIsOpen ? BillRejection.BillTruncated : BillRejection.BillRowMalformed, line.Length + 1,
            $"{header.Count} cells as in the headings, not {count}");
    }
}
