using System.Globalization;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Reads;

/// <summary>Events as EventStoreDB sends them, and as the log knows them.</summary>
internal static class RecordedEvents
{
    /// <exception cref="InvalidDataException">It is none of ours: its stream, say, has no category.</exception>
    public static RecordedEvent Of(ReadResp.Types.ReadEvent read)
    {
        var @event = read.Event ?? read.Link
            ?? throw new InvalidDataException("EventStoreDB sent an event without the event.");
        var stream = @event.StreamIdentifier.StreamName.ToStringUtf8();
        try
        {
            return new(
                Position(read), StreamName.Parse(stream), checked((long)@event.StreamRevision), @event.Id.ToGuid(),
                @event.Metadata["type"], @event.Data.Memory, EventMetadataJson.Read(@event.CustomMetadata.Span),
                At(@event.Metadata["created"]));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or GrpcException)
        {
            throw new InvalidDataException(
                $"The event {@event.StreamRevision} of '{stream}' at {Position(read)} is no event of a ledger: "
                + $"{e.Message}", e);
        }
    }

    /// <summary>The commit position; -1 when the server does not say, as before 24.2 when a stream is read.</summary>
    public static long Position(ReadResp.Types.ReadEvent read) =>
        read.PositionCase == ReadResp.Types.ReadEvent.PositionOneofCase.CommitPosition
            ? Known(read.CommitPosition)
            : read.Event is { } @event && @event.CommitPosition > 0 ? Known(@event.CommitPosition) : -1;

    private static long Known(ulong position) => position > long.MaxValue ? -1 : (long)position;

    // Counted in 100 nanoseconds.
    private static DateTimeOffset At(string created) =>
        DateTimeOffset.UnixEpoch.AddTicks(long.Parse(created, NumberStyles.None, CultureInfo.InvariantCulture));
}
