using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Reads;

namespace Jifu.Ledger.EventLog.EventStoreDb.Appends;

/// <summary>How an append is asked for, in a call of its own or among many in one call.</summary>
internal static class AppendRequests
{
    // A message on the wire stays well below what servers take in one piece.
    private const int MessageBytesMax = 1 << 20;

    /// <summary>Options first, then one message an event.</summary>
    public static IMessage[] Alone(ReadyAppend append)
    {
        var options = new AppendReq.Types.Options { StreamIdentifier = append.Stream.ToIdentifier() };
        if (append.ExpectedVersion < 0)
            options.NoStream = new();
        else
            options.Revision = (ulong)append.ExpectedVersion;
        return
        [
            new AppendReq { Options = options },
            .. append.Events.Select((@event, i) => new AppendReq
            {
                ProposedMessage = new()
                {
                    Id = @event.EventId.ToText(), Metadata = { Described(@event) },
                    Data = UnsafeByteOperations.UnsafeWrap(@event.Payload), CustomMetadata = append.Metadata[i],
                },
            }),
        ];
    }

    /// <summary>One message, or several when the events are large; the last says that it is.</summary>
    public static IReadOnlyList<BatchAppendReq> AmongMany(ReadyAppend append, Guid correlation, TimeSpan deadline)
    {
        var options = new BatchAppendReq.Types.Options
        {
            StreamIdentifier = append.Stream.ToIdentifier(), Deadline = Duration.FromTimeSpan(deadline),
        };
        if (append.ExpectedVersion < 0)
            options.NoStream = new();
        else
            options.StreamPosition = (ulong)append.ExpectedVersion;

        var id = correlation.ToText();
        var messages = new List<BatchAppendReq> { new() { CorrelationId = id, Options = options } };
        var bytes = 0;
        for (var i = 0; i < append.Events.Count; i++)
        {
            var @event = append.Events[i];
            if (bytes > 0 && bytes + @event.Payload.Length > MessageBytesMax)
            {
                messages.Add(new() { CorrelationId = id });
                bytes = 0;
            }

            messages[^1].ProposedMessages.Add(new BatchAppendReq.Types.ProposedMessage
            {
                Id = @event.EventId.ToText(), Metadata = { Described(@event) },
                Data = UnsafeByteOperations.UnsafeWrap(@event.Payload), CustomMetadata = append.Metadata[i],
            });
            bytes += @event.Payload.Length;
        }

        messages[^1].IsFinal = true;
        return messages;
    }

    // The ledger's own events are JSON objects; EventStoreDB's console shows and its projections see those.
    private static Dictionary<string, string> Described(EventToAppend @event) => new(StringComparer.Ordinal)
    {
        ["type"] = @event.Type,
        ["content-type"] = @event.Payload.Span is [(byte)'{', .., (byte)'}']
            ? "application/json"
            : "application/octet-stream",
    };
}
