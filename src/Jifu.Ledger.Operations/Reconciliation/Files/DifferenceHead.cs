using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A difference as it lies in a temporary file: this, then its texts: class, field, number, theirs, ours,
/// merchant, reference, and the key where it is not made of kind and number.</summary>
/// <param name="Place">See <see cref="DifferenceList.PlaceOf"/>.</param>
/// <param name="Ticks">Of UTC; -1 for none.</param>
/// <param name="Length">In bytes, with its texts.</param>
internal readonly record struct DifferenceHead(
    long Place, long ExcessMinor, long Ticks, int Length, short KindNumber, short OwnKey)
{
    public static readonly int Bytes = Unsafe.SizeOf<DifferenceHead>();

    public BillLineKind Kind => (BillLineKind)KindNumber;

    public int? BillLine => (int)(Place >> 32) is var line && line != int.MaxValue ? line : null;

    public int? OrdersLine => unchecked((int)Place) is var line && line != int.MaxValue ? line : null;

    public DateTimeOffset? At => Ticks < 0
        ? null
        : new DateTimeOffset(Ticks, TimeSpan.Zero).ToOffset(BusinessDay.Offset);

    public static ReadOnlySpan<byte> Pack(FileDifference each, RowPacker to)
    {
        to.Begin(Bytes);
        to.Add(each.Class);
        to.Add(each.Field);
        to.Add(each.Number);
        to.Add(each.Theirs);
        to.Add(each.Ours);
        to.Add(each.Merchant);
        to.Add(each.Reference);
        var kind = each.Kind.Name();
        var isOwn = each.Key.Length != kind.Length + 1 + each.Number.Length
            || !each.Key.StartsWith(kind, StringComparison.Ordinal) || each.Key[kind.Length] != ':'
            || !each.Key.EndsWith(each.Number, StringComparison.Ordinal);
        if (isOwn)
            to.Add(each.Key);
        return to.End(new DifferenceHead(
            DifferenceList.PlaceOf(each), each.ExcessMinor, each.At?.UtcTicks ?? -1, to.Length, (short)each.Kind,
            (short)(isOwn ? 1 : 0)));
    }

    public static FileDifference Unpack(ReadOnlySpan<byte> bytes)
    {
        var head = MemoryMarshal.Read<DifferenceHead>(bytes);
        var texts = new PackedTexts(bytes[Bytes..]);
        var (ofClass, field) = (texts.NextText(), texts.NextText());
        var (number, theirs, ours) = (texts.NextText(), texts.NextText(), texts.NextText());
        var (merchant, reference) = (texts.NextText(), texts.NextText());
        return new(
            ofClass, head.OwnKey != 0 ? texts.NextText() : LineKey.Of(head.Kind, number), head.Kind, number, field,
            theirs, ours, head.ExcessMinor, head.BillLine, head.OrdersLine, merchant, reference, head.At);
    }
}
