using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>What an archive holds of a log.</summary>
/// <param name="Kind"><c>all</c>, <c>range</c>, <c>day</c> or <c>stream</c>.</param>
/// <param name="Day">For a day: yyyy-MM-dd.</param>
public sealed record ArchiveScope(string Kind, string? Stream = null, string? Day = null);

/// <summary>A file of an archive.</summary>
/// <param name="Sha256">Of its bytes, hexadecimal.</param>
public sealed record ArchiveFile(string Name, long Bytes, string Sha256);

/// <summary>An archive's list of contents, signed by whoever exported it.</summary>
/// <param name="Anchor">The position of the checkpoint that the archive's proofs lead to.</param>
public sealed record Manifest(
    string Format, Guid Log, ArchiveScope Scope, long Events, long FirstPosition, long LastPosition, long Anchor,
    DateTimeOffset ExportedAt, IReadOnlyList<ArchiveFile> Files)
{
    public const string KnownFormat = "jifu evidence v1";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="UnknownArchiveVersionException">It is of another version of the format.</exception>
    /// <exception cref="FormatException">It is no list of contents.</exception>
    public static Manifest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var format = FormatOf(json);
            if (format != KnownFormat)
                throw new UnknownArchiveVersionException(format);
            var manifest = JsonSerializer.Deserialize<Manifest>(json, Json)!;
            return manifest.Files.Select(file => file?.Name).Distinct().Count(name => name is not null)
                == manifest.Files.Count ? manifest : throw new FormatException("its files are not one of each name");
        }
        catch (JsonException e)
        {
            // What it says itself names our types, which nobody knows who has only the format's description.
            var where = e.Path is { } path and not "$" ? $" at {path}" : "";
            throw new FormatException($"it is no list of contents{where}, line {e.LineNumber + 1 ?? 1}", e);
        }
    }

    private static string FormatOf(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new FormatException("it is not in UTF-8");
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("format", out var member)
            && member.ValueKind == JsonValueKind.String
            ? member.GetString()!
            : throw new FormatException("it tells of no format");
    }
}

/// <summary>The archive is of a version of the format that this program does not know: it can neither be called right
/// nor wrong.</summary>
public sealed class UnknownArchiveVersionException(string format)
    : Exception($"The archive's format is '{format}'; this program knows '{Manifest.KnownFormat}'.");

/// <summary>The names of an archive's files and the kinds of records in its events.</summary>
internal static class ArchiveNames
{
    public const string Events = "events.bin";
    public const string Batches = "batches.bin";
    public const string Checkpoints = "checkpoints.txt";
    public const string Keys = "keys.pem";
    public const string ReadMe = "README.txt";
    public const string Manifest = "manifest.json";
    public const string Signature = "manifest.sig";

    public const byte Segment = (byte)'S';
    public const byte Event = (byte)'E';
    public const byte Proof = (byte)'P';

    /// <summary>A larger record is no record. The log takes no event of that size.</summary>
    public const int RecordBytesMax = 64 << 20;

    public const int BatchBytes = 8 + 8 + EventLink.Size;
}
