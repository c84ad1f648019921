using System.IO.Compression;
using System.Text;

namespace Jifu.Ledger.Fuzz;

/// <summary>Damages bills as wires, editors, spreadsheets and enemies do; the same dice give the same damage.</summary>
internal sealed class Damage(Random dice, IReadOnlyList<BillSample> samples)
{
    private static readonly byte[][] Poison =
    [
        [0xEF, 0xBF, 0xBD], [0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0], [0xFF, 0x80], [0x80], [0xAA, 0xA1],
        [0xC4], [0xE4, 0xBD], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], "\"\""u8.ToArray(),
        "`"u8.ToArray(), ",`"u8.ToArray(), "\r"u8.ToArray(), "\n"u8.ToArray(), "\r\n"u8.ToArray(), "\t"u8.ToArray(),
        "#"u8.ToArray(), "-"u8.ToArray(), "99999999999999"u8.ToArray(), "1E5"u8.ToArray(), "PK\u0003\u0004"u8.ToArray(),
        [0x1F, 0x8B], "=HYPERLINK(1)"u8.ToArray(),
    ];

    // 业务明细 in GBK, whose bytes the names of entries have.
    private const string Detail = "\u00D2\u00B5\u00CE\u00F1\u00C3\u00F7\u00CF\u00B8";

    /// <summary>One to four wounds, and perhaps a container around them, which may be wounded too.</summary>
    public byte[] Of(byte[] bill)
    {
        var bytes = bill is [(byte)'P', (byte)'K', ..] && dice.Next(2) == 0 ? Within(bill) : bill;
        for (var wounds = dice.Next(bytes == bill ? 1 : 0, 5); wounds > 0; wounds--)
            bytes = Wounded(bytes);
        bytes = dice.Next(9) switch
        {
            0 => Gzip(bytes),
            1 => Zip(bytes),
            3 => Zip([.. Enumerable.Range(1, dice.Next(1, 4)).Select(number => (
                $"20881020000000010156_20260701_{Detail}_{number}.csv", dice.Next(3) == 0 ? Wounded(bill) : bytes))]),
            2 => Encoding.ASCII.GetBytes(Convert.ToBase64String(Zlib(Zip(bytes)))),
            _ => bytes,
        };
        return dice.Next(10) == 0 ? Wounded(bytes) : bytes;
    }

    private byte[] Wounded(byte[] bytes)
    {
        var at = dice.Next(bytes.Length + 1);
        var length = dice.Next(0, Math.Min(bytes.Length - at, dice.Next(1, 400)) + 1);
        var (before, part, after) = (bytes[..at], bytes[at..(at + length)], bytes[(at + length)..]);
        return dice.Next(14) switch
        {
            0 => [.. before, .. after],
            1 => before,
            2 => [.. before, .. part, .. part, .. after],
            3 => [.. before, .. Other()],
            4 => [.. before, .. Poison[dice.Next(Poison.Length)], .. after],
            5 => [.. before, .. Poison[dice.Next(Poison.Length)], .. part, .. after],
            6 => [.. before, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(part)), .. after],
            7 => [.. before, .. Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(part)), .. after],
            8 => [.. before, .. part.Reverse(), .. after],
            9 => [.. before, .. Enumerable.Repeat((byte)dice.Next(256), length * dice.Next(1, 300)), .. after],
            10 => [.. before, .. Lines(part), .. after],
            _ => Flipped(bytes),
        };
    }

    private byte[] Flipped(byte[] bytes)
    {
        var flipped = (byte[])bytes.Clone();
        for (var bits = dice.Next(1, 4); bits > 0 && flipped.Length > 0; bits--)
            flipped[dice.Next(flipped.Length)] ^= (byte)(1 << dice.Next(8));
        return flipped;
    }

    // A piece of another bill, from some place to its end.
    private byte[] Other()
    {
        var other = samples[dice.Next(samples.Count)].Bytes;
        return other[dice.Next(other.Length + 1)..];
    }

    private static IEnumerable<byte> Lines(byte[] part) => part.SelectMany(
        each => each == '\n' ? "\r\n"u8.ToArray() : each == ',' ? "\n"u8.ToArray() : new[] { each });

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Zlib(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    // An archive that is whole, with wounds in what it holds: outside, the checksums would tell.
    private byte[] Within(byte[] archive)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read, false, Encoding.Latin1);
            var entries = zip.Entries.Select(entry => (entry.FullName, Bytes: Read(entry))).ToList();
            for (var wounds = dice.Next(1, 4); wounds > 0 && entries.Count > 0; wounds--)
            {
                var (at, name) = (dice.Next(entries.Count), entries[dice.Next(entries.Count)].FullName);
                entries[at] = (dice.Next(8) == 0 ? name : entries[at].FullName, Wounded(entries[at].Bytes));
            }

            return Zip([.. entries]);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException)
        {
            return Wounded(archive);
        }
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Zip(byte[] bytes) => Zip([("bill.csv", bytes)]);

    private static byte[] Zip((string Name, byte[] Bytes)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, true, Encoding.Latin1))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return packed.ToArray();
    }
}
