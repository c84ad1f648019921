using System.Text.Json;
using Jifu.Ledger.EventLog.EventStoreDb;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>Who wrote an event and why, as it stands in EventStoreDB's metadata: one JSON object.</summary>
/// <param name="Actor">Null when the metadata does not say.</param>
/// <param name="Correlation">Null when the metadata does not say.</param>
internal sealed record EventOrigin(string? Actor, string? Correlation, string? Causation)
{
    // Official clients with OpenTelemetry add them by themselves: nobody could leave them out.
    private const string TraceName = "$traceId";
    private const string SpanName = "$spanId";

    private static readonly EventOrigin Unsaid = new(null, null, null);

    /// <exception cref="EventLog.EventStoreDb.Grpc.GrpcException">It says more than the log can keep, or is no
    /// JSON.</exception>
    public static EventOrigin Read(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.IsEmpty)
            return Unsaid;
        try
        {
            using var json = JsonDocument.Parse(metadata);
            var origin = Unsaid;
            foreach (var member in json.RootElement.EnumerateObject())
                origin = (member.Name, member.Value.ValueKind) switch
                {
                    (EventMetadataJson.Actor, JsonValueKind.String) => origin with { Actor = Text(member) },
                    (EventMetadataJson.Correlation, JsonValueKind.String) =>
                        origin with { Correlation = Text(member) },
                    (EventMetadataJson.Causation, JsonValueKind.String) => origin with { Causation = Text(member) },
                    (EventMetadataJson.Causation or EventMetadataJson.Correlation or EventMetadataJson.Actor,
                        JsonValueKind.Null) => origin,
                    (TraceName or SpanName, _) => origin,
                    _ => throw FaceRefusals.Invalid(
                        $"Metadata keeps {EventMetadataJson.Correlation} and {EventMetadataJson.Causation}, both "
                        + $"texts; {member.Name} belongs into the event."),
                };
            return origin;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw FaceRefusals.Invalid("Metadata is one JSON object, or none.");
        }
    }

    private static string? Text(JsonProperty member) => member.Value.GetString() is { Length: > 0 } text ? text : null;
}
