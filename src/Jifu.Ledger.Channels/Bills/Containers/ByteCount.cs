namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>How many bytes have come out of an archive, all its documents together.</summary>
internal sealed class ByteCount
{
    public long Value { get; set; }
}
