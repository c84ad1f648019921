namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>Bytes as they come over a slow wire: a few at a time, once, without going back.</summary>
internal sealed class Trickle(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public override bool CanSeek => false;

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 7));

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7)]);
}
