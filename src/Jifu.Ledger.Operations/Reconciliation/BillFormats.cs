using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>A bill that was read whole and whose own totals tie out.</summary>
public sealed record ReadBill(IReadOnlyList<BillLine> Lines, Money Paid, Money Refunded, Money Fees);

/// <summary>Which reader reads which channel's bill.</summary>
public static class BillFormats
{
    /// <summary>Whether we can read this channel's bills.</summary>
    public static bool CanRead(Channel channel) => channel is Channel.Sandbox or Channel.WeChatPay;

    /// <summary>Reads a bill, or refuses all of it.</summary>
    /// <param name="merchantNumber">Our number at the channel, which each row must bear; null to take any.</param>
    /// <exception cref="Channels.Bills.BillRejectedException">It may not be used; says file, line and
    /// column.</exception>
    /// <exception cref="NotSupportedException">We cannot read this channel's bills.</exception>
    public static ReadBill Read(
        Channel channel, BusinessDay day, string? merchantNumber, string fileName, ReadOnlyMemory<byte> content)
    {
        if (!CanRead(channel))
            throw new NotSupportedException($"Bills of {channel.Name()} cannot be read yet.");
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        var lines = TradeBillReader.Rows(stream, fileName, day, merchantNumber)
            .Select(row => row.Row.ToBillLine(row.Line)).ToList();
        return new(
            lines, Sum(lines.Where(line => line.Kind == BillLineKind.Payment), line => line.Amount),
            Sum(lines.Where(line => line.Kind != BillLineKind.Payment), line => line.Amount),
            Sum(lines, line => line.Fee));
    }

    private static Money Sum(IEnumerable<BillLine> lines, Func<BillLine, Money> part) =>
        lines.Aggregate(Money.Zero(Currency.CNY), (sum, line) => sum + part(line));
}
