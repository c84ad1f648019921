namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>What comes out of an archive, counted while it does: neither too much, nor too much of too little, nor
/// other than the archive itself says.</summary>
/// <param name="packed">Where it comes from, as far as it was really read.</param>
/// <param name="total">How much has come out of the archive so far, all documents together.</param>
/// <param name="ending">Asked at the end, with the length and the sum: is it whole?</param>
internal sealed class InflatedStream(
    Stream inflated, CountedStream packed, string name, BillLimits limits, ByteCount total, IChecksum checksum,
    Func<long, uint, bool> ending) : ReadOnlyStream
{
    private readonly long packedBefore = packed.Count;
    private long length;
    private bool ended;

    public override int Read(Span<byte> buffer)
    {
        if (ended)
            return 0;
        var read = ReadOrRefuse(buffer);
        length += read;
        total.Value += read;
        if (total.Value > limits.BytesMax)
            throw Refused.TooLarge(name, $"at most {limits.BytesMax} bytes in all");
        if (length > BillLimits.RatioFreeBytes && length > limits.RatioMax * (packed.Count - packedBefore))
            throw Refused.TooLarge(name, $"at most {limits.RatioMax} bytes out of one");
        checksum.Add(buffer[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inflated.Dispose();
        base.Dispose(disposing);
    }

    private int ReadOrRefuse(Span<byte> buffer)
    {
        try
        {
            var read = inflated.Read(buffer);
            ended = read == 0 && buffer.Length > 0;
            return !ended || ending(length, checksum.Value)
                ? read
                : throw Refused.Damaged(name, "as many bytes as the archive says, with the sum it says");
        }
        catch (Exception e) when (Refused.IsDamage(e))
        {
            throw Refused.Damaged(name, "an archive that can be unpacked");
        }
    }
}
