namespace Jifu.Ledger.Operations.Tables;

/// <summary>A stream of somebody else's that is written until it fails, and then never again: what is told is the
/// failure, and not what becomes of writing on.</summary>
internal sealed class WatchedStream(Stream inner) : Stream
{
    /// <summary>True when nothing more is written.</summary>
    public bool HasFailed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override void Flush() => Try([], flush: true);

    public override void Write(byte[] buffer, int offset, int count) => Try(buffer.AsSpan(offset, count), flush: false);

    public override void Write(ReadOnlySpan<byte> buffer) => Try(buffer, flush: false);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    private void Try(ReadOnlySpan<byte> bytes, bool flush)
    {
        if (HasFailed)
            return;
        // Until it has succeeded.
        HasFailed = true;
        if (flush)
            inner.Flush();
        else
            inner.Write(bytes);
        HasFailed = false;
    }
}
