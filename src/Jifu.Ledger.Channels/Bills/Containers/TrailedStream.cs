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

        buffer[0] = next[0];
        var more = buffer.Length > 1 ? inner.Read(buffer[1..]) : inner.Read(next);
        hasNext = more > 0;
        if (more > 0 && buffer.Length > 1)
            next[0] = buffer[more];
        var read = buffer[..Math.Max(1, buffer.Length > 1 ? more : 1)];
        var last = read[Math.Max(0, read.Length - tail.Length)..];
        tail.AsSpan(last.Length).CopyTo(tail);
        last.CopyTo(tail.AsSpan(tail.Length - last.Length));
        return read.Length;
    }
}
