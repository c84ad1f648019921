using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Json;

/// <summary>Reads a request's body and finds everything in it that should not be there, with its place.</summary>
internal static class StrictJson
{
    /// <returns>The value, or what is wrong; never both.</returns>
    public static (T? Value, IReadOnlyList<FieldError> Errors) Read<T>(ReadOnlyMemory<byte> body) where T : class
    {
        if (!Utf8.IsValid(body.Span))
            return (null, [new("$", "json_malformed", "is not UTF-8")]);
        try
        {
            using var document = JsonDocument.Parse(body, new() { MaxDepth = ApiJson.Options.MaxDepth });
            var errors = new List<FieldError>();
            Check(document.RootElement, ApiJson.Options.GetTypeInfo(typeof(T)), "$", errors);
            if (errors.Count > 0)
                return (null, errors);
        }
        catch (JsonException e)
        {
            var place = FormattableString.Invariant($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
            return (null, [new("$", "json_malformed", $"cannot be read at {place}")]);
        }

        try
        {
            return (JsonSerializer.Deserialize<T>(body.Span, ApiJson.Options)!, []);
        }
        catch (CodedJsonException e)
        {
            return (null, [new(e.Path ?? "$", e.Code, e.Message)]);
        }
        catch (JsonException e)
        {
            return (null, [new(e.Path ?? "$", "field_type_wrong", "has the wrong type")]);
        }
    }

    // Names only: which value is wrong, the converters know better.
    private static void Check(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        switch (type.Kind, element.ValueKind)
        {
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                CheckMembers(element, type, path, errors);
                break;
            case (JsonTypeInfoKind.Object, _):
                errors.Add(new(path, "field_type_wrong", "must be an object"));
                break;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                var items = element.EnumerateArray().Select((item, index) => (item, index));
                foreach (var (item, index) in items)
                    Check(item, ApiJson.Options.GetTypeInfo(type.ElementType!), $"{path}[{index}]", errors);
                break;
            case (JsonTypeInfoKind.Enumerable, _):
                errors.Add(new(path, "field_type_wrong", "must be a list"));
                break;
            case (JsonTypeInfoKind.None, _) when Wanted(type.Type, element) is { } wanted:
                errors.Add(new(path, "field_type_wrong", $"must be {wanted}"));
                break;
        }
    }

    // What a simple value must be and is not; those of our own types the converters know better.
    private static string? Wanted(Type type, JsonElement element)
    {
        var simple = Nullable.GetUnderlyingType(type) ?? type;
        if (simple == typeof(string))
            return element.ValueKind == JsonValueKind.String ? null : "a text in double quotes";
        if (simple == typeof(long) || simple == typeof(int))
            return element.ValueKind == JsonValueKind.Number && (simple == typeof(int)
                ? element.TryGetInt32(out _) : element.TryGetInt64(out _)) ? null : "a whole number";
        if (!simple.IsEnum || simple == typeof(Channel) || simple == typeof(Currency))
            return null;
        var names = Enum.GetNames(simple).Select(SnakeCase.Of).ToList();
        return element.ValueKind == JsonValueKind.String && names.Contains(element.GetString()!)
            ? null
            : $"one of {string.Join(", ", names.Where(name => name != "none"))}";
    }

    private static void CheckMembers(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            var at = $"{path}.{member.Name}";
            var known = type.Properties.FirstOrDefault(property => property.Name == member.Name);
            if (!seen.Add(member.Name))
                errors.Add(new(at, "field_duplicate", "stands twice"));
            else if (known is null)
                errors.Add(new(at, "field_unknown", "is not known here"));
            else if (member.Value.ValueKind != JsonValueKind.Null)
                Check(member.Value, ApiJson.Options.GetTypeInfo(known.PropertyType), at, errors);
            else if (!known.IsSetNullable)
                errors.Add(new(at, "field_type_wrong", "must not be null"));
        }

        errors.AddRange(type.Properties
            .Where(property => property.IsRequired && !seen.Contains(property.Name))
            .Select(property => new FieldError($"{path}.{property.Name}", "field_missing", "is missing")));
    }
}
