using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>An event cannot be applied to a read model, or is not there, so nothing after it can be told.</summary>
public sealed class FoldStoppedException : Exception
{
    private FoldStoppedException(string message, Exception? cause) : base(message, cause) { }

    /// <summary>What the log lacks; null when it is something else.</summary>
    public LogGap? Gap { get; private init; }

    /// <summary>An event that a projection cannot apply.</summary>
    internal static FoldStoppedException At(string projection, RecordedPlace place, Exception cause) => new(
        FormattableString.Invariant($"Event {place.Position} in stream {place.Stream} of type {place.Type}: ")
        + $"the projection {projection} cannot apply it: {cause.Message}", cause);

    /// <summary>An event that does not read, whose message says where it stands.</summary>
    internal static FoldStoppedException Unreadable(string projection, Exception cause) =>
        new($"{cause.Message} The projection {projection} stops in front of it.", cause);

    /// <summary>The log lacks events.</summary>
    internal static FoldStoppedException Missing(LogGap gap) =>
        new($"{gap} Nothing from there on can be told.", null) { Gap = gap };

    /// <summary>Something else is wrong after an event.</summary>
    internal static FoldStoppedException After(long position, Exception cause) =>
        new(FormattableString.Invariant($"After position {position}: {cause.Message}"), cause);
}

/// <summary>Positions, the first and the last of them, at which a log without gaps has no event.</summary>
public sealed record LogGap(long First, long Last)
{
    /// <summary>A sentence.</summary>
    public override string ToString() => First == Last
        ? FormattableString.Invariant($"The log has no event at position {First}: it was taken away.")
        : FormattableString.Invariant($"The log has no events at positions {First} to {Last}: they were taken away.");
}

/// <summary>Where an event stands, and what it is.</summary>
internal sealed record RecordedPlace(long Position, StreamName Stream, string Type);
