using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

using static StatementRejection;

/// <summary>The rows of a bank's statement: a CSV file, or a sheet of an Excel workbook. The content says
/// which.</summary>
internal static class StatementRows
{
    public const int RowsMax = 500_000;

    private static readonly char[] Trimmed = [' ', '\t', '\u00A0', '\u3000', '\uFEFF', '\'', '`'];

    public static IEnumerable<StatementRow> Of(ChannelBillFile file, StatementMapping mapping)
    {
        if (file.Content.Length == 0)
            throw new StatementRejectedException(StatementEmpty, file.FileName, "", "expected a statement");
        if (WorkbookReader.IsOlder(file.Content.Span))
            throw new StatementRejectedException(
                StatementWorkbookUnreadable, file.FileName, "", $"expected {WorkbookReader.NotOlder}");
        return IsWorkbook(file)
            ? Workbook(file, mapping.Sheet)
            : Separated(file, isUtf8: mapping.Encoding != "gb18030", mapping.Separator[0]);
    }

    /// <summary>The names of a workbook's sheets, in order; none for a CSV file.</summary>
    public static IReadOnlyList<string> SheetsOf(ChannelBillFile file)
    {
        if (!IsWorkbook(file))
            return [];
        using var stream = new MemoryStream(file.Content.ToArray(), writable: false);
        using var reader = OrRefuse(() => new WorkbookReader(stream, file.FileName));
        return reader.Sheets;
    }

    private static bool IsWorkbook(ChannelBillFile file) => file.Content.Span is [(byte)'P', (byte)'K', ..];

    private static IEnumerable<StatementRow> Separated(ChannelBillFile file, bool isUtf8, char separator)
    {
        using var content = new MemoryStream(file.Content.ToArray());
        using var text = new StreamReader(content, SeparatedText.Strict(isUtf8), false);
        var rows = new DelimitedRows(
            text, file.FileName, separator, () => BrokenText.In(content, 0, file.FileName, isUtf8));
        while (OrRefuse(rows.Next))
            yield return new(file.FileName, "", rows.Line, rows.Texts(cell => cell.Trim(Trimmed)));
    }

    private static IEnumerable<StatementRow> Workbook(ChannelBillFile file, string? sheet)
    {
        using var stream = new MemoryStream(file.Content.ToArray(), writable: false);
        using var reader = OrRefuse(() => new WorkbookReader(stream, file.FileName));
        if (sheet is not null && !reader.Sheets.Contains(sheet))
            throw new StatementRejectedException(
                StatementSheetMissing, file.FileName, "",
                $"expected a sheet called {sheet}; it has {string.Join(", ", reader.Sheets)}");
        using var rows = reader.Rows(sheet).GetEnumerator();
        while (OrRefuse(rows.MoveNext))
            yield return new(
                file.FileName, rows.Current.Sheet, rows.Current.Number,
                [.. rows.Current.Cells.Select(cell => cell.Trim(Trimmed))], reader.From1904);
    }

    // What reads tables for others too refuses in words of its own.
    private static T OrRefuse<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (WorkbookRejectedException e)
        {
            var place = string.Join(
                ", ", new[] { ("sheet", e.Sheet), ("cell", e.Cell) }.Where(part => part.Item2.Length > 0)
                    .Select(part => $"{part.Item1} {part.Item2}"));
            throw new StatementRejectedException(
                e.Cell.Length > 0 ? StatementCellUnreadable : StatementWorkbookUnreadable, e.File, place, e.Expected);
        }
        catch (BillRejectedException e)
        {
            var isText = e.Code is not BillRejection.BillNotUtf8;
            throw new StatementRejectedException(
                isText ? StatementRowMalformed : StatementNotText, e.File,
                isText ? $"line {e.Line}" : $"line {e.Line}, character {e.Column}", $"expected {e.Expected}");
        }
    }
}
