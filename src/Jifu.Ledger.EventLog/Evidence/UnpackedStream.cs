using System.IO.Compression;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Reads a file of a zip, and finds at its end whether it was as long as is told of it, packed and
/// unpacked.</summary>
internal sealed class UnpackedStream : ReadOnlyStream
{
    private readonly PackedFile _file;
    private readonly PackedStream _packed;
    private readonly Stream _content;
    private long _length;

    public UnpackedStream(Stream zip, PackedFile file)
    {
        (_file, _packed) = (file, new(zip, file));
        _content = file.IsPlain ? _packed : new DeflateStream(_packed, CompressionMode.Decompress);
    }

    public override long Position => _length;

    /// <exception cref="InvalidDataException">It ends elsewhere than it should.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _content.Read(buffer);
        }
        catch (InvalidDataException)
        {
            // It takes what it cannot decompress for another method of compression.
            throw new InvalidDataException(
                $"{_file.Name}, from byte {_file.Start} of the zip, is damaged: it cannot be decompressed.");
        }

        _length += read;
        // Bytes between the end of what is compressed and where the next file begins are a place to hide one.
        if (read == 0 && buffer.Length > 0 && (_packed.Left > 0 || _length != _file.Length))
            throw new InvalidDataException(
                $"{_file.Name}, from byte {_file.Start} of the zip, is not as long as is told of it.");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The packed bytes, the last one by itself: whether decompression ended with it can only be told
    /// so.</summary>
    private sealed class PackedStream(Stream zip, PackedFile file) : ReadOnlyStream
    {
        public long Left { get; private set; } = file.Packed;

        public override long Position => file.Packed - Left;

        public override int Read(Span<byte> buffer)
        {
            var at = file.Start + file.Packed - Left;
            // Two files are read in turns.
            if (zip.Position != at)
                zip.Position = at;
            var read = zip.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(Left - 1, Math.Min(Left, 1)))]);
            Left -= read;
            return read;
        }
    }
}
