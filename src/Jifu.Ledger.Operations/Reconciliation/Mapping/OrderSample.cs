using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>The first rows of an order export: enough to guess what its columns mean.</summary>
/// <param name="Rows">Cells without what spreadsheets put around numbers to keep them text.</param>
/// <param name="IsWhole">True when the file has no more rows than these.</param>
public sealed record OrderSample(
    string FileName, OrderEncoding Encoding, char Separator, int HeadingLine, IReadOnlyList<string> Headings,
    IReadOnlyList<IReadOnlyList<string>> Rows, bool IsWhole)
{
    internal const int RowsMax = 10_000;

    private const int HeadBytes = 256 * 1024;
    private const int HeadingLinesMax = 30;

    /// <exception cref="BillRejectedException">It holds no table, or not as CSV.</exception>
    public static OrderSample Read(string path)
    {
        var name = Path.GetFileName(path);
        var head = Head(path);
        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new BillRejectedException(
                BillRejection.BillNotUtf8, name, 1, 1, "UTF-8 or GB18030, not UTF-16: save it as CSV UTF-8");
        var encoding = SeparatedText.IsUtf8(head, head.Length < HeadBytes) ? OrderEncoding.Utf8 : OrderEncoding.Gb18030;
        var separator = SeparatorOf(path, encoding);
        var rows = Lines(path, encoding, separator).Take(HeadingLinesMax + RowsMax + 1).ToList();
        if (rows.TrueForAll(row => row.Cells.TrueForAll(cell => cell.Length == 0)))
            throw new BillRejectedException(
                BillRejection.BillEmpty, name, 1, 1, "an order export; the file is empty");
        var width = Width(rows.Select(row => row.Cells.Count));
        var heading = Heading([.. rows.Take(HeadingLinesMax).Select(row => row.Cells)], width);
        if (width < 2 || heading < 0)
            throw new BillRejectedException(
                BillRejection.BillHeaderUnknown, name, 1, 1, "a line of headings and rows of as many cells");
        return new(
            name, encoding, separator, rows[heading].Line, rows[heading].Cells,
            [
                .. rows.Skip(heading + 1).Where(row => row.Cells.Count == width && !SumRow.BeginsAs(row.Cells)
                    && !PrintedRow.Is(row.Cells, rows[heading].Cells)).Take(RowsMax).Select(row => row.Cells),
            ],
            rows.Count <= HeadingLinesMax + RowsMax);
    }

    /// <summary>A column's cells that are not empty.</summary>
    internal IEnumerable<string> Values(int column) =>
        Rows.Select(row => row[column]).Where(value => value.Length > 0);

    private static byte[] Head(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[HeadBytes];
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    // What divides the first lines into most cells. Where quotes end amid a cell, it is another one; if all are, the
    // one that came furthest tells where.
    private static char SeparatorOf(string path, OrderEncoding encoding)
    {
        var tried = SeparatedText.Separators.Select(each => (Separator: each, Start: Begin(path, encoding, each)))
            .ToList();
        var divided = tried.Where(each => each.Start.IsRead && Width(each.Start.Widths) > 1).ToList();
        return (divided.Count > 0 ? divided : tried).MaxBy(each => Width(each.Start.Widths)).Separator;
    }

    // How many cells the first lines have, and whether they could be read.
    private static (List<int> Widths, bool IsRead) Begin(string path, OrderEncoding encoding, char separator)
    {
        var widths = new List<int>();
        try
        {
            foreach (var (_, cells) in Lines(path, encoding, separator).Take(HeadingLinesMax))
                widths.Add(cells.Count);
            return (widths, true);
        }
        catch (BillRejectedException)
        {
            return (widths, false);
        }
    }

    // Spreadsheets make titles as long as all lines. Headings fill most cells, and none with an amount or a time.
    private static int Heading(List<List<string>> rows, int width)
    {
        var (best, filled) = (rows.FindIndex(row => row.Count == width), 0);
        foreach (var (at, row) in rows.Index())
        {
            var cells = row.Where(cell => cell.Length > 0).ToList();
            if (row.Count == width && cells.Count > filled && !cells.Exists(IsValue))
                (best, filled) = (at, cells.Count);
        }

        return best;
    }

    private static bool IsValue(string cell) =>
        OrderAmount.TryRead(cell, AmountUnit.Yuan, exact: false, out _) || CellForms.DayOf(cell) is not null;

    // So many cells have most lines.
    private static int Width(IEnumerable<int> widths) => widths.GroupBy(width => width)
        .OrderByDescending(width => width.Count()).ThenByDescending(width => width.Key).FirstOrDefault()?.Key ?? 0;

    private static IEnumerable<(int Line, List<string> Cells)> Lines(
        string path, OrderEncoding encoding, char separator)
    {
        var mapping = new OrderMapping { Number = "", Amount = "", Encoding = encoding };
        using var text = new StreamReader(path, OrderFile.EncodingOf(mapping), false);
        var name = Path.GetFileName(path);
        var rows = new DelimitedRows(text, name, separator, () => BrokenText.InEither(path, name));
        while (rows.Next())
            yield return (rows.Line, rows.Texts(OrderColumns.Trimmed));
    }
}
