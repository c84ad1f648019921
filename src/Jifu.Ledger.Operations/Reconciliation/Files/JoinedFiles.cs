namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What one way of comparing two files has found.</summary>
/// <param name="Differences">In order; those of an exact join can be read once.</param>
internal sealed record JoinedFiles(
    SideTotals Theirs, SideTotals Ours, LeftOutRows LeftOut, long Matched, IEnumerable<FileDifference> Differences,
    long ExcessMinor, long CutOffMinor, long ToleratedMinor, long UntoldFeeMinor, string Method);
