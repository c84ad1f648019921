using System.IO.Compression;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>An order export that is an Excel workbook, made into CSV: line 7 of it is row 7 of the sheet.</summary>
public static class OrderSheet
{
    private const int HeadingRowsMax = 30;

    /// <summary>By its first bytes, never by its name: a workbook is a zip.</summary>
    /// <exception cref="WorkbookRejectedException">It is an older one, which nobody here reads.</exception>
    public static bool IsWorkbook(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return !WorkbookReader.IsOlder(start)
            ? start.SequenceEqual("PK\u0003\u0004"u8)
            : throw new WorkbookRejectedException(
                Path.GetFileName(path), "", "", $"expected a CSV file or {WorkbookReader.NotOlder}");
    }

    /// <returns>The names of its sheets; the first is read.</returns>
    /// <exception cref="WorkbookRejectedException">It cannot be used; names the cell.</exception>
    public static IReadOnlyList<string> ToCsv(string workbook, string csv, CancellationToken cancellation)
    {
        using var source = File.OpenRead(workbook);
        if (IsArchive(source))
            throw new WorkbookRejectedException(
                Path.GetFileName(workbook), "", "", "an archive is not taken as orders: unpack it; a CSV file or an "
                    + "Excel workbook (.xlsx) is expected");
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

        return reader.Sheets;
    }

    /// <summary>Which cell stands at a place of the CSV that was made of it, as Excel names it: <c>E5</c>.</summary>
    public static string CellAt(string csv, int line, int column)
    {
        var (cell, quoted) = (0, false);
        foreach (var character in (File.ReadLines(csv).ElementAtOrDefault(line - 1) ?? "").Take(column - 1))
        {
            quoted ^= character == '"';
            cell += character == ',' && !quoted ? 1 : 0;
        }

        return CellName.Of(cell, line);
    }

    // A zip of something else; what is broken is for the workbook's reader to say.
    private static bool IsArchive(Stream file)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return zip.GetEntry("[Content_Types].xml") is null && zip.GetEntry("xl/workbook.xml") is null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            file.Position = 0;
        }
    }

    // On one line each, so that lines and rows stay the same.
    private static string Cell(string text) =>
        $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal).ReplaceLineEndings(" ")}\"";
}
