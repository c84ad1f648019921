using System.Buffers;
using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>Writes an Excel workbook (.xlsx) sheet after sheet, straight into a stream: a million rows take no more
/// memory than ten.</summary>
/// <remarks>
/// Ids are text and money is numbers, so neither loses a digit; text that begins with = is shown, never calculated.
/// The same calls make the same bytes on one machine, and the same parts on every machine: only the compressor may
/// differ. One sheet is open at a time. Disposing writes the list of sheets; without it the file is not whole.
/// </remarks>
public sealed class WorkbookWriter : IDisposable
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(@"[]:*?/\'");

    private readonly WatchedStream _target;
    private readonly ZipArchive _zip;
    private readonly DateTimeOffset _at;
    private readonly int _rowsMax;
    private readonly List<SheetEntry> _sheets = [];
    private IDisposable? _open;

    /// <param name="stream">Is left open; need not seek.</param>
    /// <param name="at">The time that the parts carry, for instance the end of the reported day; never the clock's,
    /// for then no two files are alike.</param>
    public WorkbookWriter(Stream stream, DateTimeOffset at) : this(stream, at, SheetTable.RowsMax)
    {
    }

    internal WorkbookWriter(Stream stream, DateTimeOffset at, int rowsMax)
    {
        _target = new(stream);
        _zip = new(_target, ZipArchiveMode.Create, leaveOpen: true);
        (_at, _rowsMax) = (at, rowsMax);
    }

    /// <summary>Begins a sheet of rows, and ends the one before.</summary>
    /// <param name="name">At most 25 characters, none of <c>[]:*?/\'</c>.</param>
    public SheetTable Table(string name, params IReadOnlyList<TableColumn> columns)
    {
        EndSheet();
        var table = new SheetTable(name, columns, _rowsMax, sheetName => Part(
            sheetName, columns.Select(column => column.Places), CellName.Column(columns.Count - 1)));
        _open = table;
        return table;
    }

    /// <summary>Begins a sheet to be read like a page, and ends the one before.</summary>
    /// <param name="widths">Of its columns, in characters.</param>
    public SheetPage Page(string name, params IReadOnlyList<int> widths)
    {
        EndSheet();
        var page = new SheetPage(Part(name, widths, null));
        _open = page;
        return page;
    }

    public void Dispose()
    {
        EndSheet();
        Write("xl/styles.xml", CellStyles.Sheet());
        Write("xl/workbook.xml", WorkbookParts.Workbook(_sheets));
        Write("xl/_rels/workbook.xml.rels", WorkbookParts.Relations(_sheets));
        Write("_rels/.rels", WorkbookParts.Root);
        Write("[Content_Types].xml", WorkbookParts.ContentTypes(_sheets));
        _zip.Dispose();
    }

    private void EndSheet()
    {
        _open?.Dispose();
        _open = null;
    }

    private SheetPart Part(string name, IEnumerable<int> widths, string? frozenUntil)
    {
        if (name.Length is 0 or > 31 || name.AsSpan().ContainsAny(Forbidden))
            throw new ArgumentException($"Excel takes no sheet called {name}.", nameof(name));
        _sheets.Add(new(name, $"sheet{_sheets.Count + 1}", frozenUntil));
        return new(
            Entry($"xl/worksheets/{_sheets[^1].Part}.xml"), widths, frozenUntil is not null, () => _target.HasFailed);
    }

    private BufferedStream Entry(string path)
    {
        var entry = _zip.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = _at;
        return new BufferedStream(entry.Open(), 64 * 1024);
    }

    private void Write(string path, OpenXmlElement part)
    {
        using var stream = Entry(path);
        using var xml = OpenXmlWriter.Create(stream);
        xml.WriteStartDocument(standalone: true);
        xml.WriteElement(part);
    }

    private void Write(string path, string xml)
    {
        using var stream = Entry(path);
        stream.Write(Encoding.UTF8.GetBytes(xml));
    }
}
