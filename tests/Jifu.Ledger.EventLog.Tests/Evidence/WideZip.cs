using System.Buffers.Binary;
using System.Text;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>A zip that has its sizes and places in zip64's records, as one of more than 4 GiB has, and is small. Each
/// number can be another.</summary>
internal sealed record WideZip(IReadOnlyDictionary<string, byte[]> Files)
{
    private const uint Full = uint.MaxValue;

    /// <summary>Whether what stands before each file has its sizes in a wide field.</summary>
    public bool WideHeads { get; init; } = true;

    /// <summary>Whether the directory has a file's length, packed length and place in a wide field.</summary>
    public (bool Length, bool Packed, bool Start) WideEntries { get; init; } = (true, true, true);

    /// <summary>Whether the end record leaves its count, size and place to the wide one.</summary>
    public (bool Count, bool Size, bool Start) WideEnd { get; init; } = (true, true, true);

    /// <summary>Added to a number of the wide end record and its locator, by its offset there.</summary>
    public (int Offset, long By) EndSpoilt { get; init; }

    /// <summary>Added to a number of the first file's wide field in the directory, by its offset.</summary>
    public (int Offset, long By) EntrySpoilt { get; init; }

    /// <summary>Bytes more behind the numbers of the first file's wide field in the directory.</summary>
    public byte[] EntryMore { get; init; } = [];

    /// <summary>Where its parts begin.</summary>
    public (int Directory, int WideRecord) At { get; private set; }

    public byte[] Write()
    {
        var (zip, directory) = (new MemoryStream(), new MemoryStream());
        foreach (var (name, content) in Files)
        {
            var start = zip.Length;
            Head(zip, name, content.Length);
            zip.Write(content);
            var field = Field([content.Length, content.Length, start], WideEntries);
            if (start == 0 && EntrySpoilt.By != 0)
                Add(field, EntrySpoilt.Offset, EntrySpoilt.By);
            Listed(directory, name, content.Length, start, [.. field, .. start == 0 ? EntryMore : []]);
        }

        At = ((int)zip.Length, (int)(zip.Length + directory.Length));
        directory.WriteTo(zip);
        zip.Write(End());
        return zip.ToArray();
    }

    private byte[] End()
    {
        var (start, wide) = At;
        var end = new byte[56 + 20 + 22];
        "PK\x06\x06"u8.CopyTo(end);
        foreach (var (offset, number) in new (int, long)[]
        {
            (4, 44), (24, Files.Count), (32, Files.Count), (40, wide - start), (48, start), (64, wide),
        })
            BinaryPrimitives.WriteInt64LittleEndian(end.AsSpan(offset), number);
        (end[12], end[14]) = (45, 45);
        "PK\x06\x07"u8.CopyTo(end.AsSpan(56));
        end[72] = 1;
        if (EndSpoilt.By != 0)
            Add(end, EndSpoilt.Offset, EndSpoilt.By);
        "PK\x05\x06"u8.CopyTo(end.AsSpan(76));
        var count = WideEnd.Count ? ushort.MaxValue : (ushort)Files.Count;
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(84), count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(86), count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(88), WideEnd.Size ? Full : (uint)(wide - start));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(92), WideEnd.Start ? Full : (uint)start);
        return end;
    }

    private void Listed(MemoryStream directory, string name, long length, long start, byte[] field)
    {
        var (wideLength, widePacked, wideStart) = WideEntries;
        var entry = new byte[46];
        "PK\x01\x02-\0-\0"u8.CopyTo(entry);
        entry[14] = 33;
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(20), widePacked ? Full : (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(24), wideLength ? Full : (uint)length);
        (entry[28], entry[30]) = ((byte)name.Length, (byte)field.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(42), wideStart ? Full : (uint)start);
        directory.Write([.. entry, .. Encoding.ASCII.GetBytes(name), .. field]);
    }

    private void Head(MemoryStream zip, string name, int length)
    {
        var head = new byte[30];
        "PK\x03\x04-\0"u8.CopyTo(head);
        head[12] = 33;
        var field = Field([length, length, 0], (WideHeads, WideHeads, false));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(18), WideHeads ? Full : (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(22), WideHeads ? Full : (uint)length);
        (head[26], head[28]) = ((byte)name.Length, (byte)field.Length);
        zip.Write([.. head, .. Encoding.ASCII.GetBytes(name), .. field]);
    }

    // Its id, how long it is, and the numbers that have no room elsewhere.
    private static byte[] Field(long[] numbers, (bool, bool, bool) wide)
    {
        bool[] which = [wide.Item1, wide.Item2, wide.Item3];
        var told = numbers.Where((_, i) => which[i]).ToList();
        return told.Count == 0
            ? []
            : [1, 0, (byte)(8 * told.Count), 0, .. told.SelectMany(number => BitConverter.GetBytes(number))];
    }

    private static void Add(byte[] bytes, int offset, long by)
    {
        var there = bytes.AsSpan(offset);
        if (there.Length >= 8 && by is > int.MaxValue or < 0)
            BinaryPrimitives.WriteInt64LittleEndian(
                there, unchecked(BinaryPrimitives.ReadInt64LittleEndian(there) + by));
        else
            there[0] = unchecked((byte)(there[0] + by));
    }
}
