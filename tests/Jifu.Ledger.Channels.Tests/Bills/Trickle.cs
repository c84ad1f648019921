namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>Bytes as they come over a slow wire: a few at a time, once, without going back.</summary>
internal sealed class Trickle(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    private readonly int most = 7 + (bytes.Length / 500);

    public override bool CanSeek => false;

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
}
