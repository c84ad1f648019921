namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>What was really read of a packed stream: how many bytes, and which were the last.</summary>
internal sealed class CountedStream(Stream inner) : Stream
{
    private readonly byte[] tail = new byte[8];

    /// <summary>How many bytes were read, some perhaps more than once.</summary>
    public long Count { get; private set; }

    /// <summary>The last eight bytes that were read.</summary>
    public ReadOnlySpan<byte> Tail => tail;

    public override bool CanRead => true;
    public override bool CanSeek => inner.CanSeek;
    public override bool CanWrite => false;
    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Count += read;
        var last = buffer[Math.Max(0, read - tail.Length)..read];
        tail.AsSpan(last.Length).CopyTo(tail);
        last.CopyTo(tail.AsSpan(tail.Length - last.Length));
        return read;
    }

    /// <summary>Reads what nobody has asked for; false when there was something.</summary>
    public bool IsAtEnd() => Read(stackalloc byte[1]) == 0;

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
