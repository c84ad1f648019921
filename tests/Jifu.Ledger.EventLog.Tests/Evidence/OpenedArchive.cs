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
    public byte[] With(string name, byte[]? content)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (file, original) in _files)
            {
                if ((file == name ? content : original) is not { } written)
                    continue;
                using var stream = zip.CreateEntry(file, CompressionLevel.NoCompression).Open();
                stream.Write(written);
            }
        }

        return bytes.ToArray();
    }

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
}
