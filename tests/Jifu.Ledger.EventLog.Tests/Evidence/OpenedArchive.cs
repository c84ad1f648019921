using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

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

    /// <summary>The archive with bytes between the end of a file's compressed content and the next file; the zip tells
    /// of them as of that content.</summary>
    public byte[] WithBehind(string name, byte[] hidden)
    {
        var (bytes, directory) = (new MemoryStream(), new MemoryStream());
        var (zip, list) = (new BinaryWriter(bytes), new BinaryWriter(directory));
        foreach (var (file, content) in _files)
        {
            var packed = Deflated(content);
            // Flags, method, time and date, checksum, sizes, length of the name, no extra field.
            byte[] facts = [0, 0, 8, 0, 0, 0, 33, 0, 0, 0, 0, 0,
                .. BitConverter.GetBytes(packed.Length + (file == name ? hidden.Length : 0)),
                .. BitConverter.GetBytes(content.Length), (byte)file.Length, 0, 0, 0];
            list.Write([.. "PK\x01\x02\x14\0\x14\0"u8, .. facts, .. new byte[10],
                .. BitConverter.GetBytes((int)bytes.Length), .. Encoding.ASCII.GetBytes(file)]);
            zip.Write([.. "PK\x03\x04\x14\0"u8, .. facts, .. Encoding.ASCII.GetBytes(file), .. packed]);
            zip.Write(file == name ? hidden : []);
        }

        var (count, start) = ((byte)_files.Count, (int)bytes.Length);
        zip.Write([.. directory.ToArray(), .. "PK\x05\x06"u8, 0, 0, 0, 0, count, 0, count, 0,
            .. BitConverter.GetBytes((int)directory.Length), .. BitConverter.GetBytes(start), 0, 0]);
        return bytes.ToArray();
    }

    private static byte[] Deflated(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, CompressionLevel.Fastest))
            deflate.Write(content);
        // Of no content it writes nothing; this is how nothing is compressed.
        return bytes.ToArray() is [_, ..] packed ? packed : [3, 0];
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
