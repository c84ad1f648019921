using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>One row of a statement, CSV or workbook, with what it takes to name a place in it.</summary>
internal sealed record StatementRow(string File, int Line, IReadOnlyList<string> Cells)
{
    public string this[int column] => column < Cells.Count ? Cells[column] : "";

    public bool IsBlank => Cells.All(cell => cell.Length == 0);

    public BillRejectedException Reject(BillRejection code, int column, string expected) =>
        new(code, File, Line, column + 1, $"{expected}, in cell {CellName.Of(column, Line)}");
}

/// <summary>The rows of a bank's statement: a CSV file, or the first sheet of an Excel workbook. The content says
/// which.</summary>
internal static class StatementRows
{
    public const int RowsMax = 500_000;

    private static readonly char[] Trimmed = [' ', '\t', '\u00A0', '\u3000', '\uFEFF', '\'', '`'];

    public static IEnumerable<StatementRow> Of(ChannelBillFile file, StatementMapping mapping)
    {
        if (file.Content.Length == 0)
            throw new BillRejectedException(BillRejection.BillEmpty, file.FileName, 1, 1, "a statement");
        return file.Content.Span is [(byte)'P', (byte)'K', 3, 4, ..]
            ? Workbook(file)
            : Separated(file, EncodingOf(mapping.Encoding), mapping.Separator[0]);
    }

    public static Encoding EncodingOf(string name) => name == "gb18030"
        ? CodePagesEncodingProvider.Instance.GetEncoding(
            "gb18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!
        : new UTF8Encoding(false, throwOnInvalidBytes: true);

    private static IEnumerable<StatementRow> Separated(ChannelBillFile file, Encoding encoding, char separator)
    {
        using var text = new StreamReader(new MemoryStream(file.Content.ToArray()), encoding, false);
        var rows = new DelimitedRows(text, file.FileName, separator);
        while (rows.Next())
            yield return new(file.FileName, rows.Line, [.. rows.Cells.Select(cell => cell.Text.Trim(Trimmed))]);
    }

    private static IEnumerable<StatementRow> Workbook(ChannelBillFile file)
    {
        using var stream = new MemoryStream(file.Content.ToArray(), writable: false);
        using var reader = OrRefuse(file, () => new WorkbookReader(stream, file.FileName));
        using var rows = reader.Rows().GetEnumerator();
        while (OrRefuse(file, rows.MoveNext))
            yield return new(
                file.FileName, rows.Current.Number, [.. rows.Current.Cells.Select(cell => cell.Trim(Trimmed))]);
    }

    private static T OrRefuse<T>(ChannelBillFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (WorkbookRejectedException e)
        {
            throw new BillRejectedException(BillRejection.BillRowMalformed, file.FileName, 1, 1, e.Message);
        }
    }
}
