using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>What a bill comes in: nothing, gzip, zip, or UnionPay's base64 of zlib of zip. Its first bytes
/// tell.</summary>
internal static class Container
{
    /// <summary>The documents in it, each to be read before the next is asked for. A container within a container is
    /// left to the reader, who will refuse it.</summary>
    public static IEnumerable<Document> Documents(Stream file, string name, BillLimits limits)
    {
        var isWhole = file is { CanSeek: true, Position: 0 };
        var headed = new HeadedStream(file);
        var total = new ByteCount();
        if (IsZip(headed.Head))
        {
            using var spool = isWhole ? null : Spooled(headed, name, limits);
            foreach (var document in ZipDocuments.Of(spool ?? file, name, limits, total))
                yield return document;
        }
        else if (IsGzip(headed.Head))
        {
            using var content = Gunzipped(headed, name, limits, total);
            yield return new(name, content);
        }
        else if (IsBase64OfZlib(headed.Head))
        {
            using var base64 = FromBase64(headed);
            var wrapped = new CountedStream(base64);
            using var unwrapped = Unwrapped(wrapped, name, limits);
            using var spool = Spooled(unwrapped, name, limits);
            if (!IsZip(new HeadedStream(spool).Head))
                throw Refused.Damaged(name, "a zip archive in zlib in base64");
            // Two packings must not be allowed a hundredfold each.
            var most = Math.Max(BillLimits.RatioFreeBytes, wrapped.Count * limits.RatioMax);
            var rest = limits with { BytesMax = Math.Min(limits.BytesMax, most) };
            foreach (var document in ZipDocuments.Of(spool, name, rest, total))
                yield return document;
        }
        else
        {
            yield return new(name, headed);
        }
    }

    /// <summary>True for what a document may not be: another container.</summary>
    public static bool IsNested(ReadOnlySpan<byte> head) => IsZip(head) || IsGzip(head) || IsBase64OfZlib(head);

    private static bool IsZip(ReadOnlySpan<byte> head) => head is [(byte)'P', (byte)'K', 3, 4, ..]
        or [(byte)'P', (byte)'K', 5, 6, ..];

    private static bool IsGzip(ReadOnlySpan<byte> head) => head is [0x1F, 0x8B, ..];

    private static bool IsBase64OfZlib(ReadOnlySpan<byte> head)
    {
        Span<byte> first = stackalloc byte[3];
        return head.Length >= 8
            && Convert.TryFromBase64String(Encoding.Latin1.GetString(head[..4]), first, out var read) && read == 3
            && (first[0] & 0x0F) == 8 && ((first[0] << 8) | first[1]) % 31 == 0;
    }

    private static InflatedStream Gunzipped(Stream file, string name, BillLimits limits, ByteCount total)
    {
        var packed = new CountedStream(file);
        var trailed = new TrailedStream(packed);
        return new(
            new GZipStream(trailed, CompressionMode.Decompress), packed, name, limits, total, new Crc32(),
            (length, sum) => trailed.IsAtEnd && BinaryPrimitives.ReadUInt32LittleEndian(trailed.Tail) == sum
                && BinaryPrimitives.ReadUInt32LittleEndian(trailed.Tail[4..]) == unchecked((uint)length));
    }

    private static CryptoStream FromBase64(Stream file) => new(
        file, new FromBase64Transform(FromBase64TransformMode.IgnoreWhiteSpaces), CryptoStreamMode.Read, true);

    private static InflatedStream Unwrapped(CountedStream packed, string name, BillLimits limits)
    {
        var trailed = new TrailedStream(packed);
        return new(
            new ZLibStream(trailed, CompressionMode.Decompress), packed, name, limits, new(), new Adler32(),
            (_, sum) => trailed.IsAtEnd && BinaryPrimitives.ReadUInt32BigEndian(trailed.Tail[4..]) == sum);
    }

    // A zip is read from its end, and a stream may come over a wire: it goes to a file without a name of its own.
    private static FileStream Spooled(Stream content, string name, BillLimits limits)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var spool = new FileStream(Path.Combine(limits.SpoolFolder, $"jifu-{Path.GetRandomFileName()}"), options);
        try
        {
            var buffer = new byte[81_920];
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                if (spool.Length + read > limits.SpoolBytesMax)
                    throw Refused.TooLarge(name, $"an archive of at most {limits.SpoolBytesMax} bytes");
                spool.Write(buffer, 0, read);
            }

            spool.Position = 0;
            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }
}
