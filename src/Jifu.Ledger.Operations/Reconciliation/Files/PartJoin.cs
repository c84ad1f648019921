using System.Numerics;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Joins parts of both sides in memory, one after the other; of one thread.</summary>
/// <remarks>Of keys whose rows say the same no texts are made. All others are left to <see cref="KeyComparison"/>.
/// </remarks>
internal sealed class PartJoin(
    FileReconciliationRequest request, DealtRows theirRows, DealtRows ourRows, DifferenceSpool found)
{
    private readonly PartRows theirs = new(theirRows), ours = new(ourRows);
    private readonly RowPacker packer = new();

    // The rows of the key at hand.
    private readonly List<BillLine> theirLines = [];
    private readonly List<OrderLine> ourLines = [];

    // By key, at the place of its hash or behind: the number of its rows from 1, 0 for a free place.
    private int[] table = [];
    private RowsOfKey[] keys = [];
    private int keyCount;

    public DifferenceList List { get; } = new(request);

    public void Join(int part)
    {
        theirs.Read(part);
        ours.Read(part);
        var rows = theirs.Count + ours.Count;
        var places = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, rows * 2L));
        if (table.Length < places)
            (table, keys) = (new int[places], new RowsOfKey[places / 2]);
        Array.Clear(table);
        keyCount = 0;
        for (var row = 0; row < theirs.Count; row++)
            AddTheirs(row);
        for (var row = 0; row < ours.Count; row++)
            AddOurs(row);
        for (var key = 0; key < keyCount; key++)
            Compare(keys[key]);
    }

    private void AddTheirs(int row)
    {
        ref var key = ref KeyOf(theirs, row);
        if (key.Theirs < 0)
            key.Theirs = row;
        else
            theirs.Follow(key.LastTheirs, row);
        (key.LastTheirs, key.TheirCount) = (row, key.TheirCount + 1);
    }

    private void AddOurs(int row)
    {
        if (!request.Coverage.Covers(ours.Head(row).Kind))
            return;
        ref var key = ref KeyOf(ours, row);
        if (key.Ours < 0)
            key.Ours = row;
        else
            ours.Follow(key.LastOurs, row);
        (key.LastOurs, key.OurCount) = (row, key.OurCount + 1);
    }

    private ref RowsOfKey KeyOf(PartRows side, int row)
    {
        var head = side.Head(row);
        var number = side.Number(row, head);
        var mask = table.Length - 1;
        // The lower bits have chosen the part.
        for (var place = unchecked((int)(head.Key >> 24)) & mask; ; place = (place + 1) & mask)
        {
            if (table[place] == 0)
            {
                table[place] = ++keyCount;
                ref var key = ref keys[keyCount - 1];
                key = new() { Theirs = -1, Ours = -1 };
                return ref key;
            }

            ref var its = ref keys[table[place] - 1];
            if (IsOf(its, head, number))
                return ref its;
        }
    }

    private bool IsOf(in RowsOfKey key, RowHead head, ReadOnlySpan<byte> number)
    {
        var (side, row) = key.Theirs >= 0 ? (theirs, key.Theirs) : (ours, key.Ours);
        var its = side.Head(row);
        return its.Key == head.Key && its.KindNumber == head.KindNumber && side.Number(row, its).SequenceEqual(number);
    }

    private void Compare(in RowsOfKey key)
    {
        if (key is { TheirCount: 1, OurCount: 1 } && Same(key.Theirs, key.Ours))
            return;
        // An order that counts nowhere.
        if (key is { TheirCount: 0, OurCount: 1 } && !ours.Head(key.Ours).Has(RowMarks.Counts))
            return;
        theirLines.Clear();
        ourLines.Clear();
        for (var row = key.Theirs; row >= 0; row = theirs.Next(row))
            theirLines.Add(theirs.BillLine(row));
        for (var row = key.Ours; row >= 0; row = ours.Next(row))
            ourLines.Add(ours.OrderLine(row));
        List.CompareKey(theirLines, ourLines);
        List.Drain(difference => found.Add(difference, packer));
    }

    // Only what is the same for sure; the rest is asked of the comparison.
    private bool Same(int row, int order)
    {
        var (its, line) = (theirs.Head(row), ours.Head(order));
        if (its.Amount != line.Amount || its.Has(RowMarks.HasStatus) || !line.Has(RowMarks.Counts)
            || (line.Has(RowMarks.HasFee) && its.Fee != line.Fee))
            return false;
        var theirTexts = theirs.Texts(row, its);
        var ourTexts = ours.Texts(order, line);
        // Their numbers are the same.
        theirTexts.Next();
        ourTexts.Next();
        var reference = theirTexts.Next();
        var ourReference = ourTexts.Next();
        if (ourReference.Length > 0 && !reference.SequenceEqual(ourReference))
            return false;
        var merchant = theirTexts.Next();
        var ourMerchant = ourTexts.Next();
        if (ourMerchant.Length > 0 && merchant.Length > 0 && !merchant.SequenceEqual(ourMerchant))
            return false;
        List.Match(line.Has(RowMarks.HasFee) ? 0 : -its.Fee);
        return true;
    }

    private struct RowsOfKey
    {
        public int Theirs, LastTheirs, TheirCount, Ours, LastOurs, OurCount;
    }
}
