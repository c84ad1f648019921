using System.Runtime.InteropServices;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Neighbouring differences in memory, put in order and made lines of CSV; of one thread.</summary>
internal sealed class DifferenceRange(Spool spool)
{
    private readonly CsvBytes csv = new();
    private readonly Dictionary<(string Merchant, string Class), DifferenceSum> sums = [];
    private byte[] bytes = [];
    private long[] places = [];
    private int[] starts = [];
    private int count;
    private string merchant = "", lastClass = "";
    private DifferenceSum? last;

    /// <summary>Takes the place of the range before.</summary>
    public void Read(int range)
    {
        var length = spool.Read(range, ref bytes);
        count = 0;
        for (var at = 0; at < length; count++)
        {
            if (count == starts.Length)
            {
                Array.Resize(ref starts, Math.Max(1_024, count * 2));
                Array.Resize(ref places, starts.Length);
            }

            var head = HeadAt(at);
            (starts[count], places[count]) = (at, head.Place);
            at += head.Length;
        }

        Sort();
        csv.Clear();
        sums.Clear();
        last = null;
        for (var each = 0; each < count; each++)
            Add(RecordAt(starts[each]));
    }

    /// <summary>Writes and counts them all.</summary>
    public void Write(Stream to, DifferenceTally tally)
    {
        to.Write(csv.Bytes);
        tally.Add(sums.Values);
        var kept = Math.Min(count, tally.KeptLeft);
        for (var each = 0; each < kept; each++)
            tally.Kept.Add(RecordAt(starts[each]));
    }

    private DifferenceHead HeadAt(int start) => MemoryMarshal.Read<DifferenceHead>(bytes.AsSpan(start));

    private ReadOnlySpan<byte> RecordAt(int start) => bytes.AsSpan(start, HeadAt(start).Length);

    // By their places; those of one row are few.
    private void Sort()
    {
        Array.Sort(places, starts, 0, count);
        for (var first = 0; first < count;)
        {
            var end = first + 1;
            while (end < count && places[end] == places[first])
                end++;
            if (end - first > 1)
                starts.AsSpan(first, end - first).Sort(Compare);
            first = end;
        }
    }

    private int Compare(int left, int right)
    {
        var one = RecordAt(left);
        var other = RecordAt(right);
        var byNames = DifferenceList.Order.Compare(DifferenceHead.Unpack(one), DifferenceHead.Unpack(other));
        return byNames != 0 ? byNames : one.SequenceCompareTo(other);
    }

    private void Add(ReadOnlySpan<byte> record)
    {
        var head = MemoryMarshal.Read<DifferenceHead>(record);
        var texts = new PackedTexts(record[DifferenceHead.Bytes..]);
        var ofClass = texts.Next();
        var field = texts.Next();
        csv.First(ofClass);
        csv.Text(KindNames.Of(head.Kind));
        csv.Text(texts.Next());
        csv.Text(field);
        csv.Text(texts.Next());
        csv.Text(texts.Next());
        var itsMerchant = texts.Next();
        csv.Number(head.ExcessMinor);
        csv.Number(head.BillLine);
        csv.Number(head.OrdersLine);
        csv.Text(itsMerchant);
        csv.Text(texts.Next());
        csv.Time(head.Ticks);
        csv.EndLine();
        SumOf(itsMerchant, ofClass).Add(head.ExcessMinor);
    }

    // Most often the one before.
    private DifferenceSum SumOf(ReadOnlySpan<byte> itsMerchant, ReadOnlySpan<byte> ofClass)
    {
        if (last is not null && SameText.Is(itsMerchant, merchant) && SameText.Is(ofClass, lastClass))
            return last;
        merchant = SameText.Of(itsMerchant);
        lastClass = SameText.Of(ofClass);
        if (!sums.TryGetValue((merchant, lastClass), out last))
            sums.Add((merchant, lastClass), last = new(lastClass, merchant));
        return last;
    }

    private static class KindNames
    {
        public static ReadOnlySpan<byte> Of(BillLineKind kind) => kind switch
        {
            BillLineKind.Payment => "payment"u8,
            BillLineKind.Refund => "refund"u8,
            BillLineKind.Revoke => "revoke"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }
}
