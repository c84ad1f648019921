namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>A stream whose first bytes are known before it is read.</summary>
internal sealed class HeadedStream : ReadOnlyStream
{
    private const int HeadBytes = 64;

    private readonly Stream inner;
    private readonly byte[] head = new byte[HeadBytes];
    private readonly int length;
    private int given;

    public HeadedStream(Stream inner)
    {
        this.inner = inner;
        length = inner.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
    }

    public ReadOnlySpan<byte> Head => head.AsSpan(0, length);

    public override int Read(Span<byte> buffer)
    {
        if (given == length)
            return inner.Read(buffer);
        var part = head.AsSpan(given, Math.Min(buffer.Length, length - given));
        part.CopyTo(buffer);
        given += part.Length;
        return part.Length;
    }
}
