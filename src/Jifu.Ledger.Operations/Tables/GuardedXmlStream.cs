using Jifu.Ledger.Channels.Bills.Containers;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>The bytes of an XML part, which may mean harm: a small file can unpack to a very large one, or to one very
/// long text that a reader would have to keep whole.</summary>
/// <remarks>
/// So it ends after so many bytes, and no text, attribute or tag may be longer than any that Excel writes. Only CDATA,
/// comments and DTDs could hide one, and Excel writes none of them.
/// </remarks>
/// <param name="sum">The CRC-32 of all of it, as the archive says. One bit that was changed on the way may make another
/// amount of an amount, and the runtime does not look.</param>
internal sealed class GuardedXmlStream(Stream inner, long bytesMax, uint sum) : ReadOnlyStream
{
    private const int PieceBytesMax = 1 << 20;

    private readonly Crc32 _sum = new();
    private long _read;
    private long _piece;
    private bool _atTag;

    public override long Position => _read;

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        if (_read == 0 && buffer[..count] is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] or [0, ..])
            throw new UnsafePartException("its XML is expected in UTF-8");
        if (count == 0 && !buffer.IsEmpty && _sum.Value != sum)
            throw new InvalidDataException("The sum differs.");
        _sum.Add(buffer[..count]);
        _read += count;
        if (_read > bytesMax)
            throw new UnsafePartException($"a part of it unpacks to more than {bytesMax:N0} bytes");
        Measure(buffer[..count]);
        return count;
    }

    private void Measure(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_atTag && bytes[0] == '!')
                throw new UnsafePartException("its XML holds a comment, CDATA or a DTD");
            var tag = bytes.IndexOf((byte)'<');
            _atTag = tag >= 0;
            _piece += _atTag ? tag : bytes.Length;
            if (_piece > PieceBytesMax)
                throw new UnsafePartException($"a text in it is longer than {PieceBytesMax:N0} bytes");
            if (_atTag)
                _piece = 0;
            bytes = _atTag ? bytes[(tag + 1)..] : default;
        }
    }

    public override void Flush() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A part of a workbook is not what Excel would write; the message says what it is, for people.</summary>
internal sealed class UnsafePartException(string what) : Exception(what);
