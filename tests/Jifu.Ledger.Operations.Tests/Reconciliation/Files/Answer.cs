using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>What must be the same, whichever way two files are compared.</summary>
internal sealed record Answer(
    SideTotals Theirs, SideTotals Ours, long Others, long Matched, ValueList<FileDifference> Differences)
{
    public string Method { get; init; } = "";

    public bool Equals(Answer? other) => other is not null && (Theirs, Ours, Others, Matched, Differences)
        .Equals((other.Theirs, other.Ours, other.Others, other.Matched, other.Differences));

    public override int GetHashCode() => Differences.Count;

    /// <summary>All rows in memory, by key.</summary>
    public static Answer Naive(FileReconciliationRequest request)
    {
        request = request with { Coverage = BillSource.Coverage(request) };
        var (theirs, ours) = (BillSource.Lines(request).ToList(), OrderFile.Lines(request).ToList());
        var counted = ours.Where(request.Expects).ToList();
        var list = new DifferenceList(request);
        list.Compare(theirs, ours);
        return new(
            theirs.Aggregate(SideTotals.None, (sum, row) => sum + SideTotals.Of(row.Kind, row.Amount, row.Fee)),
            counted.Aggregate(
                SideTotals.None, (sum, line) => sum + SideTotals.Of(line.Kind, line.Amount, line.Fee ?? default)),
            ours.Count - counted.Count, list.Matched, list.Take().ToValueList());
    }
}
