using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows as they lie in temporary files.</summary>
internal static class SpooledRows
{
    public static void Write(this BinaryWriter to, BillLine line)
    {
        to.Write((byte)line.Kind);
        to.Write(line.Number);
        to.Write(line.ChannelReference);
        to.Write(line.Amount.MinorUnits);
        to.Write(line.Fee.MinorUnits);
        to.WriteNullable(line.Status);
        to.Write(line.At.UtcTicks);
        to.Write(line.LineNo);
        to.Write(line.Merchant);
        to.Write(line.PaymentNumber);
        to.Write(line.PaymentReference);
    }

    public static BillLine ReadBillLine(this BinaryReader from) => new(
        (BillLineKind)from.ReadByte(), from.ReadString(), from.ReadString(), Cny(from.ReadInt64()),
        Cny(from.ReadInt64()), from.ReadNullable(), At(from.ReadInt64()), from.ReadInt32(), from.ReadString(),
        from.ReadString(), from.ReadString());

    public static void Write(this BinaryWriter to, OrderLine line)
    {
        to.Write((byte)line.Kind);
        to.Write(line.Number);
        to.Write(line.Reference);
        to.Write(line.Amount.MinorUnits);
        to.Write(line.Fee?.MinorUnits ?? long.MinValue);
        to.WriteNullable(line.Status);
        to.Write(line.At?.UtcTicks ?? -1);
        to.Write(line.Merchant);
        to.Write(line.LineNo);
    }

    public static OrderLine ReadOrderLine(this BinaryReader from) => new(
        (BillLineKind)from.ReadByte(), from.ReadString(), from.ReadString(), Cny(from.ReadInt64()),
        from.ReadInt64() is not long.MinValue and var fee ? Cny(fee) : null, from.ReadNullable(),
        from.ReadInt64() is >= 0 and var ticks ? At(ticks) : null, from.ReadString(), from.ReadInt32());

    private static Money Cny(long minor) => new(minor, Currency.CNY);

    private static DateTimeOffset At(long utcTicks) => new DateTimeOffset(utcTicks, TimeSpan.Zero)
        .ToOffset(BusinessDay.Offset);

    private static void WriteNullable(this BinaryWriter to, string? text)
    {
        to.Write(text is not null);
        to.Write(text ?? "");
    }

    private static string? ReadNullable(this BinaryReader from) =>
        from.ReadBoolean() is var isText && from.ReadString() is var text && isText ? text : null;
}
