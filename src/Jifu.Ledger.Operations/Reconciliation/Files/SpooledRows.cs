using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows and differences as they lie in temporary files.</summary>
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

    public static void Write(this BinaryWriter to, FileDifference each)
    {
        foreach (var text in new[]
            { each.Class, each.Key, each.Number, each.Field, each.Theirs, each.Ours, each.Merchant, each.Reference })
            to.Write(text);
        to.Write((byte)each.Kind);
        to.Write(each.ExcessMinor);
        to.Write(each.BillLine ?? -1);
        to.Write(each.OrdersLine ?? -1);
        to.Write(each.At?.UtcTicks ?? -1);
    }

    public static FileDifference ReadDifference(this BinaryReader from)
    {
        var texts = new string[8];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = from.ReadString();
        return new(
            texts[0], texts[1], (BillLineKind)from.ReadByte(), texts[2], texts[3], texts[4], texts[5],
            from.ReadInt64(), from.ReadInt32() is >= 0 and var bill ? bill : null,
            from.ReadInt32() is >= 0 and var orders ? orders : null, texts[6], texts[7],
            from.ReadInt64() is >= 0 and var ticks ? At(ticks) : null);
    }

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
