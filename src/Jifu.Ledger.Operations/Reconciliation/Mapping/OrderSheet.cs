using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>An order export that is an Excel workbook, made into CSV: line 7 of it is row 7 of the sheet.</summary>
public static class OrderSheet
{
    private const int HeadingRowsMax = 30;

    /// <summary>By its first bytes, never by its name: a workbook is a zip.</summary>
    public static bool IsWorkbook(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PK\u0003\u0004"u8);
    }

    /// <exception cref="WorkbookRejectedException">It cannot be used; names the cell.</exception>
    public static void ToCsv(string workbook, string csv, CancellationToken cancellation)
    {
        using var source = File.OpenRead(workbook);
        using var reader = new WorkbookReader(source, Path.GetFileName(workbook));
        using var target = new StreamWriter(csv) { NewLine = "\n" };
        var (line, width) = (1, reader.Rows().Take(HeadingRowsMax).Max(row => (int?)row.Cells.Count) ?? 0);
        foreach (var row in reader.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            for (; line < row.Number; line++)
                target.WriteLine();
            var cells = row.Cells.Concat(Enumerable.Repeat("", Math.Max(0, width - row.Cells.Count)));
            target.WriteLine(row.IsBlank ? "" : string.Join(',', cells.Select(Cell)));
            line++;
        }
    }

    // On one line each, so that lines and rows stay the same.
    private static string Cell(string text) =>
        $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal).ReplaceLineEndings(" ")}\"";
}
