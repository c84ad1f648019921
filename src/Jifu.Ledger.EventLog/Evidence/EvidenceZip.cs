using System.Buffers.Binary;
using System.Text;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>A file of a zip.</summary>
/// <param name="Start">Where its packed bytes begin.</param>
/// <param name="Packed">How many they are.</param>
/// <param name="Length">How long the file is.</param>
/// <param name="IsPlain">True when it is not compressed.</param>
internal sealed record PackedFile(string Name, long Start, long Packed, long Length, bool IsPlain);

/// <summary>The zip of an archive, held to <c>docs/reference/evidence.md</c>: the files that its directory lists, back
/// to back from the first byte, the directory, the end record, and nothing else.</summary>
/// <remarks>Programs read a zip from either end. Whatever is not told of at both ends in the same way, one of them
/// would see and another would not: so somebody could hide a file in what was found to be good.</remarks>
internal sealed class EvidenceZip
{
    private const int DirectoryMax = 1 << 20;
    private const int EndBytes = 22;
    private const int WideEndBytes = 56 + 20;
    private const int EntryBytes = 46;
    private const int HeaderBytes = 30;
    private const int Described = 1 << 3;
    // How hard it was compressed, that a descriptor follows, that names are in UTF-8.
    private const int FlagsKnown = 0b110 | Described | 1 << 11;

    private readonly Stream _stream;
    private readonly Dictionary<string, PackedFile> _files = new(StringComparer.Ordinal);

    private EvidenceZip(Stream stream) => _stream = stream;

    public IEnumerable<string> Names => _files.Keys;

    /// <exception cref="InvalidDataException">It is not as it should be; the message names the first byte.</exception>
    public static EvidenceZip Read(Stream stream)
    {
        var zip = new EvidenceZip(stream);
        zip.ReadDirectory();
        return zip;
    }

    public bool Has(string name) => _files.ContainsKey(name);

    /// <summary>The file's content, which checks at its end that it was all; null when there is none.</summary>
    public Stream? Open(string name) =>
        _files.GetValueOrDefault(name) is { } file ? new UnpackedStream(_stream, file) : null;

    private void ReadDirectory()
    {
        var (count, start, end) = ReadEnd();
        Must(start >= 0 && start <= end, end, "the directory should end");
        Must(end - start <= DirectoryMax, start, "the directory is larger than it can be");
        var directory = At(start, (int)(end - start), "the directory");
        var (at, next) = (0, 0L);
        for (; count > 0; count--)
        {
            Must(at + EntryBytes <= directory.Length && U32(directory, at) == 0x02014b50, start + at,
                "an entry of the directory should stand");
            var length = EntryBytes + U16(directory, at + 28) + U16(directory, at + 30) + U16(directory, at + 32);
            Must(at + length <= directory.Length, start + at, "an entry of the directory goes on behind its end");
            next = ReadFile(directory.AsSpan(at, length), start + at, next);
            at += length;
        }

        Must(at == directory.Length, start + at, "the end record should stand");
        Must(next == start, next, $"the directory should begin, which is at {start}");
    }

    // How many entries the directory has, where it begins, and what stands behind it.
    private (long Count, long Start, long End) ReadEnd()
    {
        var at = Math.Max(0, _stream.Length - EndBytes);
        var end = At(at, EndBytes, "the end record");
        Must(U32(end, 0) == 0x06054b50, at,
            "the end record of the zip should stand: it is cut off, or something stands behind it");
        Must(U32(end, 4) == 0 && U16(end, 8) == U16(end, 10) && U16(end, 20) == 0, at,
            "the end record tells of other disks, or of a comment");
        long count = U16(end, 10), size = U32(end, 12), start = U32(end, 16);
        if (count == ushort.MaxValue || size == uint.MaxValue || start == uint.MaxValue)
        {
            at = Math.Max(0, at - WideEndBytes);
            var wide = At(at, WideEndBytes, "the end record of zip64");
            Must(U32(wide, 0) == 0x06064b50 && U64(wide, 4) == 44 && U64(wide, 16) == 0
                && U64(wide, 24) == U64(wide, 32) && U32(wide, 56) == 0x07064b50 && U32(wide, 60) == 0
                && U64(wide, 64) == at && U32(wide, 72) == 1, at, "the end record of zip64 should stand");
            Must((count == ushort.MaxValue || count == U64(wide, 32))
                && (size == uint.MaxValue || size == U64(wide, 40))
                && (start == uint.MaxValue || start == U64(wide, 48)), at, "both end records should say the same");
            (count, size, start) = (U64(wide, 32), U64(wide, 40), U64(wide, 48));
        }

        Must(start >= 0 && size >= 0 && start <= at && size == at - start, at,
            $"the end record stands, and should behind a directory of {size} bytes that begins at {start}");
        return (count, start, at);
    }

    /// <summary>Compares an entry of the directory with what stands where the file before ended.</summary>
    /// <returns>Where the file ends.</returns>
    private long ReadFile(ReadOnlySpan<byte> entry, long at, long next)
    {
        int flags = U16(entry, 8), method = U16(entry, 10), nameBytes = U16(entry, 28);
        var name = Encoding.UTF8.GetString(entry.Slice(EntryBytes, nameBytes));
        Must(U16(entry, 32) == 0 && U16(entry, 34) == 0, at, $"{name} has a comment, or is on another disk");
        Must((flags & ~FlagsKnown) == 0 && method is 0 or 8 && (method == 8 || (flags & Described) == 0), at,
            $"{name} is packed in a way that an archive is not");
        Span<long> sizes = [U32(entry, 24), U32(entry, 20), U32(entry, 42)];
        Widen(sizes, entry[(EntryBytes + nameBytes)..], at);
        var (length, packed, start) = (sizes[0], sizes[1], sizes[2]);
        Must(length >= 0 && packed >= 0 && packed <= _stream.Length && (method == 8 || packed == length), at,
            $"{name} has sizes that cannot be");
        Must(start == next, next, $"{name} should begin, which the directory has at {start}");

        var head = At(next, HeaderBytes + nameBytes, name);
        Must(U32(head, 0) == 0x04034b50 && head.AsSpan(6, 8).SequenceEqual(entry.Slice(8, 8))
            && U16(head, 26) == nameBytes && head.AsSpan(HeaderBytes).SequenceEqual(entry.Slice(EntryBytes, nameBytes)),
            next, $"{name} should begin with what the directory says of it");
        var extra = At(next + head.Length, U16(head, 28), name);
        Span<long> here = [U32(head, 22), U32(head, 18)];
        Widen(here, extra, next);
        var data = next + head.Length + extra.Length;
        if ((flags & Described) == 0)
            Must(U32(head, 14) == U32(entry, 16) && here[0] == length && here[1] == packed, next,
                $"{name} has another checksum or size than in the directory");
        else
            Must(U32(head, 14) == 0 && here[0] == 0 && here[1] == 0 && extra.Length == 0, next,
                $"{name} tells its checksum and size twice");
        Must(_files.TryAdd(name, new(name, data, packed, length, method == 0)), at, $"{name} stands, and did before");
        return (flags & Described) == 0 ? data + packed : AfterDescriptor(entry, name, data + packed, length, packed);
    }

    private long AfterDescriptor(ReadOnlySpan<byte> entry, string name, long at, long length, long packed)
    {
        var isWide = length > uint.MaxValue || packed > uint.MaxValue;
        var descriptor = At(at, isWide ? 24 : 16, name);
        var (packedHere, lengthHere) = isWide
            ? (U64(descriptor, 8), U64(descriptor, 16))
            : (U32(descriptor, 8), U32(descriptor, 12));
        Must(U32(descriptor, 0) == 0x08074b50 && U32(descriptor, 4) == U32(entry, 16) && packedHere == packed
            && lengthHere == length, at, $"{name} should end with the checksum and sizes that the directory says");
        return at + descriptor.Length;
    }

    // Sizes that have no room stand in the one extra field that may be, in their order, and no other size does.
    private static void Widen(Span<long> sizes, ReadOnlySpan<byte> extra, long at)
    {
        var wide = sizes.Count(uint.MaxValue);
        Must(wide == 0
            ? extra.Length == 0
            : extra.Length == 4 + 8 * wide && U16(extra, 0) == 1 && U16(extra, 2) == 8 * wide, at,
            "an extra field stands that an archive does not have");
        for (int i = 0, from = 4; i < sizes.Length && wide > 0; i++)
        {
            if (sizes[i] != uint.MaxValue)
                continue;
            sizes[i] = U64(extra, from);
            from += 8;
        }
    }

    private byte[] At(long offset, int length, string what)
    {
        Must(offset <= _stream.Length - length, offset, $"{what} should stand whole");
        var bytes = new byte[length];
        _stream.Position = offset;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private static void Must(bool isSo, long offset, string what)
    {
        if (!isSo)
            throw new InvalidDataException($"at byte {offset} of the zip {what}.");
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    // What is too large for a long is negative, and so refused.
    private static long U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
