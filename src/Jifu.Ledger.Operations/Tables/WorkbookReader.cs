using System.IO.Compression;
using System.Xml;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>Reads a sheet of an Excel workbook (.xlsx) row by row, as text, without believing it: no DTDs, nothing
/// unpacked beyond its limits, nothing kept but the texts that cells share.</summary>
/// <remarks>
/// Numbers come as Excel shows them without a format (<c>100.5</c>), dates as <c>2026-11-21</c> or with
/// <c>08:00:00</c>, truth as TRUE and FALSE, formulas as what they came to when the file was saved. A long number in a
/// cell that is not text is refused by its name: Excel has lost its last digits.
/// </remarks>
public sealed class WorkbookReader : IDisposable
{
    /// <summary>What is expected instead of a workbook that <see cref="IsOlder"/>.</summary>
    public const string NotOlder =
        "an Excel workbook (.xlsx) without a password, not an older .xls: save it as .xlsx in Excel";

    private readonly ZipArchive _zip;
    private readonly string _file;
    private readonly WorkbookLimits _limits;
    private readonly WorkbookIndex _index;

    /// <summary>Whether a file begins as workbooks did before .xlsx, and as those with a password do.</summary>
    public static bool IsOlder(ReadOnlySpan<byte> start) => start is [0xD0, 0xCF, 0x11, 0xE0, ..];

    /// <param name="stream">Must seek; is left open.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="WorkbookRejectedException">It is no workbook, or a dangerous one.</exception>
    public WorkbookReader(Stream stream, string file, WorkbookLimits? limits = null)
    {
        (_file, _limits) = (file, limits ?? WorkbookLimits.Default);
        try
        {
            _zip = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            _index = WorkbookIndex.Read(Part, _limits, Refusal);
        }
        catch (Exception broken)
        {
            _zip?.Dispose();
            if (!IsDamage(broken))
                throw;
            throw Refusal("", $"an Excel workbook (.xlsx) is expected; {WhatIsWrong(broken)}");
        }
    }

    /// <summary>Names of its sheets, in order.</summary>
    public IReadOnlyList<string> Sheets => [.. _index.Sheets.Select(sheet => sheet.Name)];

    /// <summary>Its days count from 1904 instead of 1900.</summary>
    public bool From1904 => _index.From1904;

    /// <summary>The rows of a sheet that hold something.</summary>
    /// <param name="sheet">Null is the first.</param>
    /// <exception cref="WorkbookRejectedException">While reading, at the cell that cannot be read.</exception>
    public IEnumerable<WorkbookRow> Rows(string? sheet = null)
    {
        var (name, part) = sheet is null
            ? _index.Sheets[0]
            : _index.Sheets.FirstOrDefault(entry => entry.Name == sheet);
        if (part is null)
            throw Refusal("", $"a sheet called {sheet} is expected; it has {string.Join(", ", Sheets)}");

        using var xml = Whole(name, 0, () => Part(part))
            ?? throw Refusal(name, "the workbook lists it and does not hold it");
        var rows = new SheetCells(xml, _index, _limits, (cell, expected) => new(_file, name, cell, expected));
        while (Whole(name, rows.Number, rows.Read))
            yield return new(_file, name, rows.Number, rows.Cells);
    }

    public void Dispose() => _zip.Dispose();

    private T Whole<T>(string sheet, int row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (IsDamage(broken))
        {
            throw Refusal(sheet, $"it is broken after row {row}: {WhatIsWrong(broken)}");
        }
    }

    // What the runtime's readers throw at bytes that are no zip archive, or no XML.
    private static bool IsDamage(Exception e) => e is UnsafePartException or XmlException or InvalidDataException
        or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException;

    private static string WhatIsWrong(Exception broken) => broken is UnsafePartException
        ? broken.Message
        : "the file was cut off or changed on the way, or is another kind of file";

    private WorkbookRejectedException Refusal(string sheet, string expected) => new(_file, sheet, "", expected);

    private XmlReader? Part(string path)
    {
        if (_zip.GetEntry(path) is not { } entry)
            return null;
        return XmlReader.Create(new GuardedXmlStream(entry.Open(), _limits.UnpackedBytesMax, entry.Crc32), new()
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true,
            IgnoreProcessingInstructions = true,
        });
    }
}
