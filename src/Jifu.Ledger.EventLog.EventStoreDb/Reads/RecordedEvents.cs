using System.Globalization;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Reads;

/// <summary>Events as EventStoreDB sends them, and as the log knows them.</summary>
internal static class RecordedEvents
{
    // Stands for the category of a stream that has no name of ours. None of the ledger's is called so.
    private const string Nameless = "unreadable";

    // So much of such a name is told.
    private const int NameMax = 100;

    /// <summary>The event; one that no ledger can have written says why (<see cref="RecordedEvent.Unreadable"/>).
    /// Others write to EventStoreDB too, and what they have written must not hide what comes after it.</summary>
    /// <exception cref="InvalidDataException">It lacks what EventStoreDB gives each event.</exception>
    public static RecordedEvent Of(ReadResp.Types.ReadEvent read)
    {
        var @event = read.Event ?? read.Link
            ?? throw new InvalidDataException("EventStoreDB sent an event without the event.");
        var name = @event.StreamIdentifier.StreamName.ToStringUtf8();
        var isOurs = StreamName.TryParse(name, out var stream);
        try
        {
            var recorded = new RecordedEvent(
                Position(read), isOurs ? stream : Standing(name), checked((long)@event.StreamRevision),
                @event.Id.ToGuid(), @event.Metadata["type"], @event.Data.Memory,
                EventMetadataJson.Read(@event.CustomMetadata.Span), At(@event.Metadata["created"]));
            var why = isOurs
                ? AppendCheck.WhyNot(recorded)
                : $"no stream of a ledger is called '{recorded.Stream.Id}'.";
            return why is null ? recorded : recorded with
            {
                Unreadable = why, IsNameless = !isOurs || !AppendCheck.IsStorable(name),
            };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException
            or KeyNotFoundException or GrpcException)
        {
            throw new InvalidDataException(
                $"The event {@event.StreamRevision} of '{name}' at {Position(read)} is none as EventStoreDB sends "
                + $"them: {e.Message}", e);
        }
    }

    // Other programs' streams are passed over, also when their names do not do; so is one whose name has no two parts,
    // which no ledger of whatever version gives. Any other may be a newer program's.
    private static StreamName Standing(string name)
    {
        var hyphen = name.IndexOf('-', StringComparison.Ordinal);
        var isForeign = name.StartsWith(ForeignEvent.Prefix, StringComparison.Ordinal)
            || hyphen <= 0 || hyphen == name.Length - 1;
        return new(
            isForeign ? ForeignEvent.Prefix + Nameless : Nameless,
            name.Length == 0 ? "-" : name[..Math.Min(name.Length, NameMax)]);
    }

    /// <summary>The commit position; -1 when the server does not say, as before 24.2 when a stream is read.</summary>
    public static long Position(ReadResp.Types.ReadEvent read) =>
        read.PositionCase == ReadResp.Types.ReadEvent.PositionOneofCase.CommitPosition
            ? Known(read.CommitPosition)
            : read.Event is { } @event && @event.CommitPosition > 0 ? Known(@event.CommitPosition) : -1;

    /// <summary>What it weighs.</summary>
    public static long Bytes(ReadResp.Types.ReadEvent read) =>
        (read.Event ?? read.Link) is { } @event ? @event.Data.Length + @event.CustomMetadata.Length : 0;

    private static long Known(ulong position) => position > long.MaxValue ? -1 : (long)position;

    // Counted in 100 nanoseconds.
    private static DateTimeOffset At(string created) =>
        DateTimeOffset.UnixEpoch.AddTicks(long.Parse(created, NumberStyles.None, CultureInfo.InvariantCulture));
}
