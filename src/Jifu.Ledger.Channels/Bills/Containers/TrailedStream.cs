namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>A packed stream that ends with sums of its own, and must end there.</summary>
/// <remarks>The runtime's readers take what they find in blocks, end where the packed data ends, and do not say where
/// that was. So the very last byte is given alone: who ends without having asked for it has left something
/// behind.</remarks>
internal sealed class TrailedStream(Stream inner) : ReadOnlyStream
{
    private readonly byte[] tail = new byte[8];
    private readonly byte[] next = new byte[1];
    private bool begun, hasNext;

    /// <summary>True when all of it was read.</summary>
    public bool IsAtEnd => begun && !hasNext;

    /// <summary>The last eight bytes that were read.</summary>
    public ReadOnlySpan<byte> Tail => tail;

    public override int Read(Span<byte> buffer)
    {
        if (!begun)
            (begun, hasNext) = (true, inner.Read(next) == 1);
        if (!hasNext || buffer.IsEmpty)
            return 0;

        // What was held back, and all but the last of what follows.
        buffer[0] = next[0];
        var read = buffer.Length == 1 ? 0 : inner.Read(buffer[1..]);
        if (read > 0)
            next[0] = buffer[read];
        else
            hasNext = inner.Read(next) == 1;
        read = Math.Max(1, read);
        Remember(buffer[..read]);
        return read;
    }

    private void Remember(ReadOnlySpan<byte> read)
    {
        var last = read[Math.Max(0, read.Length - tail.Length)..];
        tail.AsSpan(last.Length).CopyTo(tail);
        last.CopyTo(tail.AsSpan(tail.Length - last.Length));
    }
}
