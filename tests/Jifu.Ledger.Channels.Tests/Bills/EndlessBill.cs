namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>A bill of WeChat Pay that is made while it is read: it is nowhere as a whole.</summary>
internal sealed class EndlessBill(int rows) : MemoryStream
{
    private static readonly byte[][] Lines =
    [
        .. File.ReadAllLines(Path.Combine(ReconciliationCase.Root, "wechatpay/lf-without-bom/bill.csv"))
            .Select(line => System.Text.Encoding.UTF8.GetBytes(line + "\n")),
    ];

    private int row = -1;
    private ReadOnlyMemory<byte> rest = Lines[0];

    public override bool CanSeek => false;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (rest.IsEmpty && ++row < rows)
            rest = Lines[1];
        var part = rest[..Math.Min(rest.Length, buffer.Length)];
        part.Span.CopyTo(buffer);
        rest = rest[part.Length..];
        return part.Length;
    }
}
