using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>An event cannot be applied to a read model, or is not there, so nothing after it can be told.</summary>
public sealed class FoldStoppedException : Exception
{
    private FoldStoppedException(string message, Exception? cause) : base(message, cause) { }

    /// <summary>An event that a projection cannot apply.</summary>
    internal static FoldStoppedException At(string projection, RecordedPlace place, Exception cause) => new(
        FormattableString.Invariant($"Event {place.Position} in stream {place.Stream} of type {place.Type}: ")
        + $"the projection {projection} cannot apply it: {cause.Message}", cause);

    /// <summary>An event that does not read, whose message says where it stands.</summary>
    internal static FoldStoppedException Unreadable(string projection, Exception cause) =>
        new($"{cause.Message} The projection {projection} stops in front of it.", cause);

    /// <summary>The log lacks an event.</summary>
    internal static FoldStoppedException Missing(long position) => new(
        FormattableString.Invariant(
            $"The log has no event at position {position}: it was taken away. Nothing from there on can be told."),
        null);

    /// <summary>Something else is wrong after an event.</summary>
    internal static FoldStoppedException After(long position, Exception cause) =>
        new(FormattableString.Invariant($"After position {position}: {cause.Message}"), cause);
}

/// <summary>Where an event stands, and what it is.</summary>
internal sealed record RecordedPlace(long Position, StreamName Stream, string Type);
