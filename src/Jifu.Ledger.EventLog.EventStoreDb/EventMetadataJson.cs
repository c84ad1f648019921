using System.Text.Json;

namespace Jifu.Ledger.EventLog.EventStoreDb;

/// <summary>Who and why, as it stands beside an event in EventStoreDB: one JSON object, with the names that
/// EventStoreDB's own tools know.</summary>
public static class EventMetadataJson
{
    public const string Actor = "actor";
    public const string Correlation = "$correlationId";
    public const string Causation = "$causationId";

    // What somebody else has written says nothing of the kind.
    private const string Unknown = "unknown";

    public static byte[] Write(EventMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Correlation] = metadata.CorrelationId, [Actor] = metadata.Actor,
        };
        if (metadata.CausationId is { } causation)
            names[Causation] = causation;
        return JsonSerializer.SerializeToUtf8Bytes(names, EventJson.Options);
    }

    /// <summary>What it says of us; what it does not say is <c>unknown</c>.</summary>
    public static EventMetadata Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (JsonElement.TryParseValue(ref reader, out var found)
                && found.Value is { ValueKind: JsonValueKind.Object } metadata)
                return new(
                    Text(metadata, Actor) ?? Unknown, Text(metadata, Correlation) ?? Unknown,
                    Text(metadata, Causation));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Bytes of another program's own: no JSON, or text that is none.
        }

        return new(Unknown, Unknown);
    }

    // Empty is as good as not there, and neither can be copied.
    private static string? Text(JsonElement metadata, string name) =>
        metadata.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String
        && found.GetString() is var text && AppendCheck.IsStorable(text)
            ? text
            : null;
}
