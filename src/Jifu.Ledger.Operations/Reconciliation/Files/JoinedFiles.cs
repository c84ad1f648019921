namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What one way of comparing two files has found.</summary>
/// <param name="Spooled">Differences of an exact join, however many, to be written once.</param>
/// <param name="Differences">Those found otherwise, in order.</param>
internal sealed record JoinedFiles(
    SideTotals Theirs, SideTotals Ours, LeftOutRows LeftOut, long Matched, DifferenceSpool? Spooled,
    IReadOnlyList<FileDifference> Differences, long ExcessMinor, long CutOffMinor, long ToleratedMinor,
    long UntoldFeeMinor, string Method);
