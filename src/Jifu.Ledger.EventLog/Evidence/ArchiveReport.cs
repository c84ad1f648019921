namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>What a check of an archive, or of a log, came to.</summary>
/// <param name="Contents">The archive's list of contents; null for a log, or when it could not be read.</param>
/// <param name="Events">How many events were hashed.</param>
/// <param name="Signed">How many checkpoints carry a good signature of a known key.</param>
/// <param name="Proved">The newest of them: nothing after its position is proved.</param>
/// <param name="Notes">What is not wrong, but worth knowing.</param>
public sealed record EvidenceReport(
    Manifest? Contents, long Events, int Signed, Checkpoint? Proved, Findings Findings, IReadOnlyList<string> Notes)
{
    public bool IsGood => Findings.Count == 0;
}

/// <summary>The file is no archive, so that it can neither be called right nor wrong.</summary>
public sealed class NoArchiveException(string message) : Exception(message);
