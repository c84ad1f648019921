using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What was found in some keys, in the order of the bill, then of the orders.</summary>
internal sealed class DifferenceList(FileReconciliationRequest request)
{
    /// <summary>The order of the bill, then of the orders; in one row, of the columns' names.</summary>
    public static readonly Comparer<FileDifference> Order = Comparer<FileDifference>.Create((left, right) =>
        PlaceOf(left).CompareTo(PlaceOf(right)) is not 0 and var byLine ? byLine
        : string.CompareOrdinal(left.Key, right.Key) is not 0 and var byKey ? byKey
        : string.CompareOrdinal(left.Field, right.Field));

    private const int Kinds = (int)BillLineKind.Revoke + 1;

    private List<FileDifference> found = [];
    private readonly KeyComparison comparison = new(request.Day, request.Merchant, request.Tolerated);

    public long Matched { get; private set; }
    public long ExcessMinor { get; private set; }
    public long CutOffMinor { get; private set; }
    public long ToleratedMinor { get; private set; }
    public long UntoldFeeMinor { get; private set; }

    /// <summary>Compares rows of both sides, key by key; all rows of a key must be among them.</summary>
    public void Compare(IEnumerable<BillLine> theirs, IEnumerable<OrderLine> ours)
    {
        // By kind, then number: the code for a key of our own type would have to be made in each run.
        var keys = new Dictionary<string, RowsOfKey>?[Kinds];
        foreach (var row in theirs)
            RowsOf(row.Kind, row.Number).Theirs.Add(row);
        foreach (var line in ours)
        {
            if (request.Coverage.Covers(line.Kind))
                RowsOf(line.Kind, line.Number).Ours.Add(line);
        }

        foreach (var numbers in keys)
        {
            foreach (var rows in numbers?.Values ?? Enumerable.Empty<RowsOfKey>())
                CompareKey(rows.Theirs, rows.Ours);
        }

        RowsOfKey RowsOf(BillLineKind kind, string number)
        {
            var numbers = keys[(int)kind] ??= new(StringComparer.Ordinal);
            if (!numbers.TryGetValue(number, out var rows))
                numbers.Add(number, rows = new());
            return rows;
        }
    }

    /// <summary>Takes over what another list found in other keys.</summary>
    public void Add(DifferenceList other)
    {
        found.AddRange(other.found);
        Matched += other.Matched;
        ExcessMinor += other.ExcessMinor;
        CutOffMinor += other.CutOffMinor;
        ToleratedMinor += other.ToleratedMinor;
        UntoldFeeMinor += other.UntoldFeeMinor;
    }

    /// <summary>Counts two rows that were compared elsewhere and say the same.</summary>
    public void Match(long untoldFeeMinor)
    {
        Matched++;
        UntoldFeeMinor += untoldFeeMinor;
    }

    /// <summary>Gives away everything found so far, in no order; then the list is empty again.</summary>
    public void Drain(Action<FileDifference> to)
    {
        foreach (var difference in found)
            to(difference);
        found.Clear();
    }

    /// <summary>Everything found so far; then the list is empty again.</summary>
    public List<FileDifference> Take()
    {
        var sorted = found;
        found = [];
        sorted.Sort(Order);
        return sorted;
    }

    /// <summary>Compares all rows of one key.</summary>
    public void CompareKey(List<BillLine> theirs, List<OrderLine> ours)
    {
        if (theirs.Count > 1)
            theirs.Sort((left, right) => left.LineNo.CompareTo(right.LineNo));
        if (ours.Count > 1)
            ours.Sort((left, right) => left.LineNo.CompareTo(right.LineNo));
        comparison.Compare(theirs, ours);
        Matched += comparison.Matched;
        ToleratedMinor += comparison.Tolerated.MinorUnits;
        UntoldFeeMinor += comparison.Untold.MinorUnits;
        foreach (var difference in comparison.Differences)
        {
            found.Add(Of(difference));
            ExcessMinor += difference.What.Excess.MinorUnits;
            CutOffMinor += difference.What is Discrepancy.CutOff cutOff ? cutOff.Carried.Gap.MinorUnits : 0;
        }
    }

    /// <summary>Rises in the order of the bill, then of the orders; the largest numbers stand for no line.</summary>
    public static long PlaceOf(FileDifference difference) =>
        ((long)(difference.BillLine ?? int.MaxValue) << 32) + (difference.OrdersLine ?? int.MaxValue);

    private static FileDifference Of(Found found)
    {
        var (what, row, line) = (found.What, found.Theirs, found.Ours);
        return new(
            what.Class, what.Key, row?.Kind ?? line!.Kind, row?.Number ?? line!.Number, what.Field, what.Theirs,
            what.Ours, what.Excess.MinorUnits, row?.LineNo, line?.LineNo,
            row is { Merchant.Length: > 0 } ? row.Merchant : line?.Merchant ?? "",
            row?.ChannelReference ?? line!.Reference, row?.At ?? line!.At);
    }

    private sealed class RowsOfKey
    {
        // Nearly always one of each.
        public List<BillLine> Theirs { get; } = new(1);
        public List<OrderLine> Ours { get; } = new(1);
    }
}
