using System.Buffers.Binary;

namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>Looks at a zip's table of contents before anything reads it into memory: it must be small, and where the
/// archive says.</summary>
internal static class ZipDirectory
{
    private const int EndBytes = 22;
    private const uint EndSignature = 0x0605_4B50;

    public static void Check(Stream zip, string name, BillLimits limits)
    {
        var tail = new byte[(int)Math.Min(zip.Length, EndBytes + ushort.MaxValue)];
        zip.Position = zip.Length - tail.Length;
        zip.ReadExactly(tail);
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == EndSignature)
            {
                Check(tail.AsSpan(at), zip.Length - tail.Length + at, name, limits);
                return;
            }
        }

        throw Refused.Damaged(name, "a zip archive with an end");
    }

    private static void Check(ReadOnlySpan<byte> end, long at, string name, BillLimits limits)
    {
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (entries > limits.EntriesMax || bytes > BillLimits.DirectoryBytesMax)
            throw Refused.TooLarge(name, $"at most {limits.EntriesMax} entries");
        if (offset + (long)bytes != at || end.Length != EndBytes + BinaryPrimitives.ReadUInt16LittleEndian(end[20..]))
            throw Refused.Damaged(name, "a zip archive that ends with its own table of contents");
    }
}
