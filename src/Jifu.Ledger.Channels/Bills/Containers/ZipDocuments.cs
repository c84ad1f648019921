using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>The documents of a zip archive. Names of entries are for people only: they open nothing.</summary>
internal static class ZipDocuments
{
    private const int NameMax = 100;
    private const int FileTypeMask = 0xF000, RegularFile = 0x8000, Folder = 0x4000;

    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;

    /// <param name="zip">It can be read anywhere.</param>
    public static IEnumerable<Document> Of(Stream zip, string name, BillLimits limits, ByteCount total)
    {
        ZipDirectory.Check(zip, name, limits);
        var packed = new CountedStream(zip);
        using var archive = Open(packed, name);
        var entries = Entries(archive, name).ToList();
        if (entries.Count == 0)
            throw new BillRejectedException(BillRejection.BillEmpty, name, 1, 1, "a bill in the archive");
        foreach (var entry in entries)
        {
            var label = $"{name}/{Label(entry.FullName)}";
            using var content = new InflatedStream(
                Open(entry, label, limits), packed, label, limits, total, new Crc32(),
                (length, sum) => length == entry.Length && sum == entry.Crc32);
            yield return new(label, content, entries.Count > 1 ? new(entry.Length, entry.Crc32) : null);
        }
    }

    private static ZipArchive Open(Stream zip, string name)
    {
        try
        {
            zip.Position = 0;
            var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true, Encoding.Latin1);
            _ = archive.Entries.Count;
            return archive;
        }
        catch (Exception e) when (Refused.IsDamage(e))
        {
            throw Refused.Damaged(name, "a zip archive");
        }
    }

    private static Stream Open(ZipArchiveEntry entry, string label, BillLimits limits)
    {
        if (entry.Length > limits.BytesMax)
            throw Refused.TooLarge(label, $"at most {limits.BytesMax} bytes");
        try
        {
            return entry.Open();
        }
        catch (Exception e) when (Refused.IsDamage(e))
        {
            throw Refused.Damaged(label, "an entry that can be unpacked");
        }
    }

    // Folders hold nothing, and the Mac and Windows add notes of their own.
    private static IEnumerable<ZipArchiveEntry> Entries(ZipArchive archive, string name)
    {
        foreach (var entry in archive.Entries)
        {
            if (IsLitter(entry.FullName) || (entry.FullName.EndsWith('/') && entry.Length == 0))
                continue;
            var type = (entry.ExternalAttributes >> 16) & FileTypeMask;
            if (entry.IsEncrypted || type is not (0 or RegularFile or Folder))
                throw new BillRejectedException(
                    BillRejection.BillContainerEntryRefused, $"{name}/{Label(entry.FullName)}", 1, 1,
                    "a plain file, neither encrypted nor a link");
            yield return entry;
        }
    }

    private static bool IsLitter(string fullName) =>
        fullName.StartsWith("__MACOSX/", StringComparison.Ordinal)
        || fullName[(fullName.LastIndexOfAny(['/', '\\']) + 1)..].ToUpperInvariant()
            is ".DS_STORE" or "THUMBS.DB" or "DESKTOP.INI";

    private static string Label(string fullName)
    {
        var name = Decoded(fullName);
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var plain = new string([.. last.Take(NameMax).Select(
            each => char.IsControl(each) || char.IsSurrogate(each) || each == '\uFFFD' ? '_' : each)]);
        return plain.Length == 0 ? "entry" : plain;
    }

    // A name that does not say that it is UTF-8 comes as its bytes, one by one. It is GBK when Alipay writes it, and
    // UTF-8 when the `zip` of a Linux does.
    private static string Decoded(string name)
    {
        if (name.Any(each => each > 0xFF))
            return name;
        var bytes = Encoding.Latin1.GetBytes(name);
        return (Utf8.IsValid(bytes) ? Encoding.UTF8 : Gbk).GetString(bytes);
    }
}
