using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using static Jifu.Ledger.EventLog.EventStoreDb.Protocol.ReadReq.Types;
using static Jifu.Ledger.EventLog.EventStoreDb.Protocol.ReadReq.Types.Options.Types;

namespace Jifu.Ledger.EventLog.EventStoreDb.Reads;

/// <summary>How a read is asked for.</summary>
internal static class ReadRequests
{
    // Streams of EventStoreDB itself: statistics, settings, projections.
    private const string NotSystem = @"^[^\$]";
    private const uint SearchWindow = 500;

    /// <summary>A stretch of a stream, from a version on.</summary>
    public static ReadReq Stream(StreamName stream, long afterVersion, int countMax) => Of(new()
    {
        Stream = new() { StreamIdentifier = stream.ToIdentifier(), Revision = (ulong)(afterVersion + 1) },
        Count = (ulong)countMax,
        NoFilter = new(),
    });

    /// <summary>All streams but the system's. The event at the position itself comes too, if there is one.</summary>
    public static ReadReq AllFrom(long position, ulong countMax) => Of(new()
    {
        All = From(position), Count = countMax, Filter = OnlyOurs(),
    });

    /// <summary>The last events of all streams but the system's, newest first: those before the position of an event,
    /// or before the end.</summary>
    public static ReadReq Backwards(long? beforePosition, ulong countMax) => Of(new()
    {
        All = beforePosition is { } position ? From(position) : new() { End = new() },
        ReadDirection = ReadDirection.Backwards, Count = countMax, Filter = OnlyOurs(),
    });

    /// <summary>What comes after a position, for as long as the call lasts; with a checkpoint now and then when much
    /// is left out.</summary>
    public static ReadReq Following(Place after) => Of(new()
    {
        All = From(after.Commit, after.Prepare), Subscription = new(), Filter = OnlyOurs(),
    });

    public static StreamIdentifier ToIdentifier(this StreamName stream) =>
        new() { StreamName = ByteString.CopyFromUtf8(stream.ToString()) };

    private static ReadReq Of(Options options)
    {
        options.UuidOption = new() { String = new() };
        return new() { Options = options };
    }

    private static AllOptions From(long position) => From(position, position);

    private static AllOptions From(long commit, long prepare) => commit < 0
        ? new() { Start = new() }
        : new() { Position = new() { CommitPosition = (ulong)commit, PreparePosition = (ulong)prepare } };

    private static FilterOptions OnlyOurs() => new()
    {
        StreamIdentifier = new() { Regex = NotSystem }, Max = SearchWindow, CheckpointIntervalMultiplier = 1,
    };
}
