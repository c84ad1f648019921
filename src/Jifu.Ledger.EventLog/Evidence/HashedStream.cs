using System.Security.Cryptography;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Passes on what is written to it, or read from it, and hashes and counts it on the way.</summary>
internal sealed class HashedStream(Stream inner, IncrementalHash hash) : Stream
{
    private long _length;

    public override bool CanRead => inner.CanRead;
    public override bool CanWrite => inner.CanWrite;
    public override bool CanSeek => false;
    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Measure(buffer.Span);
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Measure(buffer.AsSpan(offset, count));
        inner.Write(buffer, offset, count);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Measure(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Measure(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        _length += bytes.Length;
    }
}
