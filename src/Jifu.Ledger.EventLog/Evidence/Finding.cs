namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>What can be wrong with a log, or with an archive of one.</summary>
public enum FindingKind
{
    /// <summary>An event's fields are not those that its link was made of.</summary>
    EventAltered,

    /// <summary>An event's link is not the one that its fields and the chain before it give.</summary>
    LinkAltered,

    /// <summary>Positions are missing.</summary>
    EventMissing,

    /// <summary>An event stands where none, or another, should.</summary>
    EventMisplaced,

    /// <summary>An event cannot be read.</summary>
    EventUnreadable,

    /// <summary>Events that belong to no batch, or batches that overlap.</summary>
    BatchMissing,

    /// <summary>A batch's root is not the one that its events' links give.</summary>
    BatchRootDiffers,

    /// <summary>A checkpoint is signed by a key that was not given.</summary>
    KeyUnknown,

    /// <summary>A signature is not of the text that it stands under.</summary>
    SignatureWrong,

    /// <summary>A checkpoint of another log.</summary>
    AnotherLog,

    /// <summary>The log is not the one that a checkpoint was taken of.</summary>
    CheckpointDiffers,

    /// <summary>The log ends before the position of a checkpoint: its tail was cut off.</summary>
    TailMissing,

    /// <summary>Events are not proved to be part of what a checkpoint stands for.</summary>
    ProofWrong,

    /// <summary>A stream has a gap, or an event of another stream stands in it.</summary>
    StreamBroken,

    /// <summary>The store that the log is a copy of has another event than the one that was copied.</summary>
    StoreDiffers,

    /// <summary>A file of the archive is not the one that its list of contents tells of.</summary>
    FileDiffers,

    /// <summary>The archive cannot be read to its end.</summary>
    ArchiveBroken,
}

/// <summary>Something that is not as it was written.</summary>
/// <param name="Position">Of the event; null when it is not about one.</param>
/// <param name="Field">The field that is wrong, as far as it is known.</param>
public sealed record Finding(FindingKind Kind, long? Position, string? Field, string Detail);

/// <summary>What a check has found. Keeps the first hundred and counts the rest.</summary>
public sealed class Findings
{
    private const int KeptMax = 100;

    private readonly List<Finding> _kept = [];
    private bool _isMore;

    /// <summary>In the order in which they were met.</summary>
    public IReadOnlyList<Finding> Kept => _kept;

    public long Count { get; private set; }

    /// <summary>The lowest position of which something is wrong; null when nothing is about one.</summary>
    public long? FirstPosition { get; private set; }

    /// <summary>True when all that was found is that keys are missing: nothing is known to be altered.</summary>
    public bool AreOnlyMissingKeys => Count > 0 && !_isMore;

    internal void Add(FindingKind kind, long? position, string? field, string detail) =>
        Add(new(kind, position, field, detail));

    internal void Add(Finding finding)
    {
        Count++;
        _isMore |= finding.Kind != FindingKind.KeyUnknown;
        if (_kept.Count < KeptMax)
            _kept.Add(finding);
        if (finding.Position is { } position && (FirstPosition is null || position < FirstPosition))
            FirstPosition = position;
    }

    /// <summary>Replaces the last, when more has become known of it.</summary>
    internal void Refine(FindingKind kind, long position, string? field, string detail)
    {
        if (_kept.Count > 0 && _kept[^1] is { } last && last.Position == position)
            _kept[^1] = new(kind, position, field, detail);
    }
}
