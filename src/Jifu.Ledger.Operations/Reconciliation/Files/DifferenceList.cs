using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What was found in some keys, in the order of the bill, then of the orders.</summary>
internal sealed class DifferenceList(FileReconciliationRequest request)
{
    /// <summary>The order of the bill, then of the orders.</summary>
    public static readonly IComparer<FileDifference> Order = Comparer<FileDifference>.Create((left, right) =>
        PlaceOf(left).CompareTo(PlaceOf(right)) is not 0 and var byLine
            ? byLine
            : string.CompareOrdinal(left.Key, right.Key));

    private readonly List<FileDifference> found = [];

    public long Matched { get; private set; }
    public long ExcessMinor { get; private set; }
    public long CutOffMinor { get; private set; }
    public long ToleratedMinor { get; private set; }
    public long UntoldFeeMinor { get; private set; }

    /// <summary>Compares rows of both sides, key by key; all rows of a key must be among them.</summary>
    public void Compare(IEnumerable<BillLine> theirs, IEnumerable<OrderLine> ours)
    {
        var keys = new Dictionary<string, RowsOfKey>(StringComparer.Ordinal);
        foreach (var row in theirs)
            RowsOf(row.Kind, row.Number).Theirs.Add(row);
        foreach (var line in ours)
        {
            if (request.Coverage.Covers(line.Kind))
                RowsOf(line.Kind, line.Number).Ours.Add(line);
        }

        foreach (var rows in keys.Values)
            Compare(rows.Theirs, rows.Ours);

        RowsOfKey RowsOf(BillLineKind kind, string number)
        {
            // Tables by text are there already; for a key of our own type the code would have to be made in each run.
            var key = (char)('0' + (int)kind) + number;
            if (!keys.TryGetValue(key, out var rows))
                keys.Add(key, rows = new([], []));
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

    /// <summary>Everything found so far; then the list is empty again.</summary>
    public List<FileDifference> Take()
    {
        // Differences of one row stay in the order in which they were found.
        var sorted = found.OrderBy(each => each, Order).ToList();
        found.Clear();
        return sorted;
    }

    private void Compare(List<BillLine> theirs, List<OrderLine> ours)
    {
        if (theirs.Count > 1)
            theirs.Sort((left, right) => left.LineNo.CompareTo(right.LineNo));
        if (ours.Count > 1)
            ours.Sort((left, right) => left.LineNo.CompareTo(right.LineNo));
        var compared = KeyComparison.Of(
            theirs, ours, request.Day, request.Merchant, request.Tolerated);
        Matched += compared.Matched;
        ToleratedMinor += compared.Tolerated.MinorUnits;
        UntoldFeeMinor += compared.Untold.MinorUnits;
        foreach (var difference in compared.Differences)
        {
            found.Add(Of(difference));
            ExcessMinor += difference.What.Excess.MinorUnits;
            CutOffMinor += difference.What is Discrepancy.CutOff cutOff ? cutOff.Carried.Gap.MinorUnits : 0;
        }
    }

    private static long PlaceOf(FileDifference difference) =>
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

    private sealed record RowsOfKey(List<BillLine> Theirs, List<OrderLine> Ours);
}
