using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>A checkpoint.</summary>
/// <param name="Text">The whole of it, with its signature, as it stands in its file.</param>
internal sealed record CheckpointView(
    Guid Log, long Position, long Batches, DateTimeOffset At, string Reason, string KeyId, string Text)
{
    public static CheckpointView Of(SignedCheckpoint signed) => new(
        signed.Checkpoint.Log, signed.Checkpoint.Position, signed.Checkpoint.Batches, signed.Checkpoint.At,
        signed.Checkpoint.Reason, signed.KeyId, $"{signed}");
}

/// <summary>The public half of a key that checkpoints are, or were, signed with.</summary>
internal sealed record EvidenceKeyView(string KeyId, string Algorithm, bool Current, string PublicKey)
{
    public static EvidenceKeyView Of(EvidenceKey key, bool current) => new(key.Id, key.Algorithm, current, key.Pem);
}

/// <summary>Something that is not as it was written.</summary>
internal sealed record FindingView(string Kind, long? Position, string? Field, string Detail);

/// <summary>What a check of the whole log came to.</summary>
/// <param name="Checkpoints">How many carry a good signature.</param>
/// <param name="ProvedTo">The position of the newest of them; nothing after it is proved.</param>
/// <param name="Count">How many findings there are; the first hundred are listed.</param>
internal sealed record VerificationView(
    bool Good, long Events, int Checkpoints, long? ProvedTo, DateTimeOffset? ProvedAt, long Count, long? FirstPosition,
    IReadOnlyList<FindingView> Findings, IReadOnlyList<string> Notes)
{
    public static VerificationView Of(EvidenceReport report) => new(
        report.IsGood, report.Events, report.Signed, report.Proved?.Position, report.Proved?.At, report.Findings.Count,
        report.Findings.FirstPosition,
        [.. report.Findings.Kept.Select(one => new FindingView(
            SnakeCase.Of($"{one.Kind}"), one.Position, one.Field, one.Detail))],
        report.Notes);
}
