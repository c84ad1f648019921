using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

using LogEvent = EventLog.RecordedEvent;

/// <summary>An event of the log as EventStoreDB's clients know events.</summary>
internal static class EventMessage
{
    public static ReadResp Of(LogEvent recorded, bool structuredIds) => new()
    {
        Event = new()
        {
            CommitPosition = (ulong)recorded.Position,
            Event = new()
            {
                Id = structuredIds ? recorded.EventId.ToStructured() : recorded.EventId.ToText(),
                StreamIdentifier = new() { StreamName = ByteString.CopyFromUtf8($"{recorded.Stream}") },
                StreamRevision = (ulong)recorded.Version,
                CommitPosition = (ulong)recorded.Position,
                PreparePosition = (ulong)recorded.Position,
                Metadata =
                {
                    ["type"] = recorded.Type,
                    ["content-type"] = ContentType(recorded.Payload.Span),

                    // In units of 100 nanoseconds.
                    ["created"] = (recorded.RecordedAt - DateTimeOffset.UnixEpoch).Ticks
                        .ToString(CultureInfo.InvariantCulture),
                },
                CustomMetadata = UnsafeByteOperations.UnsafeWrap(EventMetadataJson.Write(recorded.Metadata)),
                Data = UnsafeByteOperations.UnsafeWrap(recorded.Payload),
            },
        },
    };

    // The log keeps bytes and not what they are; the ledger's own are always JSON.
    private static string ContentType(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            while (reader.Read())
                reader.TrySkip();
            return "application/json";
        }
        catch (JsonException)
        {
            return "application/octet-stream";
        }
    }
}
