using System.Buffers.Binary;
using System.IO.Compression;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>An archive's files, unpacked, to be spoilt and packed again.</summary>
internal sealed class OpenedArchive
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public OpenedArchive(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        foreach (var entry in zip.Entries)
        {
            using var bytes = new MemoryStream();
            using var file = entry.Open();
            file.CopyTo(bytes);
            _files.Add(entry.FullName, bytes.ToArray());
        }
    }

    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>The archive with one file replaced; null takes it out.</summary>
    public byte[] With(
        string name, byte[]? content, CompressionLevel compression = CompressionLevel.NoCompression) => Packed(
        _files.Select(file => (file.Key, file.Key == name ? content : file.Value)), compression);

    /// <summary>The archive with one file more.</summary>
    public byte[] And(string name, byte[] content) => Packed(
        [.. _files.Select(file => (file.Key, (byte[]?)file.Value)), (name, content)], CompressionLevel.NoCompression);

    /// <summary>True where an event's record begins.</summary>
    public bool IsEvent(int offset) => _files["events.bin"][offset] == 'E' && PositionAt(offset + 5) is not null
        && (offset == 0 || PositionAt(offset - 1) != PositionAt(offset + 5)) && PositionAt(offset) is null;

    /// <summary>The archive with one bit turned.</summary>
    public byte[] Flipped(string name, int bit)
    {
        var content = _files[name].ToArray();
        content[bit / 8] ^= (byte)(1 << (bit % 8));
        return With(name, content);
    }

    /// <summary>The position of the event within whose bytes this one stands; null for one outside of all.</summary>
    public long? PositionAt(int offset)
    {
        var bytes = _files["events.bin"];
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 1));
            if (offset < at + 5)
                return null;
            if (offset < at + 5 + length)
                return bytes[at] == 'E' ? BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at + 5 + 32 + 4)) : null;
            at += 5 + length;
        }

        return null;
    }

    private static byte[] Packed(IEnumerable<(string Name, byte[]? Content)> files, CompressionLevel compression)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                if (content is null)
                    continue;
                using var stream = zip.CreateEntry(name, compression).Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
