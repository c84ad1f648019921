using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Journal;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>A day's zip while it is written. The same contents always make the same bytes, on any machine.</summary>
/// <remarks>
/// So every file carries the end of the day as its time, and is stored as it is: what a compressor makes of it may
/// change with the processor and with the next version of .NET.
/// </remarks>
internal sealed class DayArchive(BusinessDay day, Stream stream) : IDisposable
{
    private static readonly JsonWriterOptions Json =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ZipArchive _zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
    private readonly List<Entry> _entries = [];

    public async Task<Sums> Add(string name, string[] headers, Func<CsvTable, Task<Sums>> write)
    {
        await using var file = Open(name);
        await using var measured = new MeasuredStream(file);
        Sums sums;
        long rows;
        using (var sheet = FinanceTables.Open(measured, headers))
        {
            sums = await write(sheet);
            rows = sheet.Rows;
        }

        _entries.Add(new(name, rows, measured.Length, measured.Sha256(), sums));
        return sums;
    }

    public Task<Sums> Add(string name, string[] headers, Func<CsvTable, Sums> write) =>
        Add(name, headers, sheet => Task.FromResult(write(sheet)));

    /// <summary>The last file: what the others hold. It says nothing of when or by what it was made.</summary>
    public void AddManifest(PositionSpan span, bool ties)
    {
        using var file = Open("manifest.json");
        using var json = new Utf8JsonWriter(file, Json);
        json.WriteStartObject();
        json.WriteString("day", $"{day}");
        json.WriteNumber("version", FinanceDownload.Version);
        json.WriteBoolean("ties", ties);
        json.WriteStartObject("journal_positions");
        Number(json, "first", span.First);
        Number(json, "last", span.Last);
        json.WriteEndObject();
        json.WriteStartArray("files");
        foreach (var entry in _entries)
            Write(json, entry);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Dispose() => _zip.Dispose();

    private Stream Open(string name)
    {
        var entry = _zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = day.Next.Start;
        return entry.Open();
    }

    private static void Write(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteNumber("rows", entry.Rows);
        json.WriteNumber("size_bytes", entry.Size);
        json.WriteString("sha256", entry.Sha256);
        json.WriteStartObject("sums");
        foreach (var currency in entry.Sums.Currencies)
        {
            json.WriteStartObject(currency);
            foreach (var name in entry.Sums.Names)
                json.WriteNumber(name, entry.Sums.Of(currency, name));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private sealed record Entry(string Name, long Rows, long Size, string Sha256, Sums Sums);
}
