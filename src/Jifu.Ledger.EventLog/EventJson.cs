using System.Linq.Expressions;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Jifu.Ledger.EventLog;

/// <summary>How the ledger's own types look in JSON, in events and wherever else they are kept as JSON.</summary>
public static class EventJson
{
    /// <summary>Strict both ways; read-only (computed) members are not written.</summary>
    public static JsonSerializerOptions Options { get; } = Build();

    private static JsonSerializerOptions Build()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = new HouseNames(),
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            IgnoreReadOnlyProperties = true,

            // Nobody embeds these bytes in a page, and Chinese text stays readable and a third as long.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver
            {
                Modifiers = { RequireMembersOfStructs, LeaveOutWhatWasAdded },
            },
            Converters =
            {
                new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false),
                new BusinessDayJson(),
                new NamedValueJson(),
                new ValueListJson(),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    // A struct is made by its default constructor, which would let a missing member pass as zero.
    private static void RequireMembersOfStructs(JsonTypeInfo type)
    {
        if (!type.Type.IsValueType || type.Type.Namespace?.StartsWith("Jifu.Ledger", StringComparison.Ordinal) != true)
            return;
        foreach (var member in type.Properties.Where(member => member.Set is not null))
            member.IsRequired = true;
    }

    // A member that an event has grown, with null as its default, is left out while it is null: so an event of before
    // gives the same bytes as then.
    private static void LeaveOutWhatWasAdded(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(
            member => member.AssociatedParameter is { HasDefaultValue: true, DefaultValue: null }))
        {
            member.ShouldSerialize = (_, value) => value is not null;
        }
    }

    private sealed class HouseNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) => SnakeCase.Of(name);
    }

    private sealed class BusinessDayJson : JsonConverter<BusinessDay>
    {
        public override BusinessDay Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, BusinessDay value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());

        public override BusinessDay ReadAsPropertyName(
            ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Parse(reader.GetString());

        public override void WriteAsPropertyName(
            Utf8JsonWriter writer, BusinessDay value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.ToString());

        private static BusinessDay Parse(string? text) =>
            BusinessDay.TryParse(text, out var day)
                ? day
                : throw new JsonException($"'{text}' is no day (yyyy-MM-dd).");
    }

    /// <summary>Ids and other structs of the house that hold one string named <c>Value</c> are that string.</summary>
    private sealed class NamedValueJson : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsValueType
            && typeToConvert.Namespace?.StartsWith("Jifu.Ledger", StringComparison.Ordinal) == true
            && typeToConvert.GetConstructor([typeof(string)])?.GetParameters()[0].Name == "Value"
            && typeToConvert.GetProperty("Value")?.PropertyType == typeof(string);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert))!;

        private sealed class Of<T> : JsonConverter<T> where T : struct
        {
            private static readonly Func<string, T> Make = Compiled<Func<string, T>>(
                typeof(string), text => Expression.New(typeof(T).GetConstructor([typeof(string)])!, text));

            private static readonly Func<T, string?> Value = Compiled<Func<T, string?>>(
                typeof(T), id => Expression.Property(id, "Value"));

            public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
                Make(reader.GetString() ?? throw new JsonException($"A {type.Name} is never null."));

            public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
                writer.WriteStringValue(Text(value));

            public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
                Make(reader.GetString()!);

            public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
                writer.WritePropertyName(Text(value));

            // The default of an id has no text, and could not be read back.
            private static string Text(T id) =>
                Value(id) ?? throw new JsonException($"An empty {typeof(T).Name} is no id.");

            private static TDelegate Compiled<TDelegate>(Type input, Func<ParameterExpression, Expression> body)
                where TDelegate : Delegate
            {
                var parameter = Expression.Parameter(input);
                return Expression.Lambda<TDelegate>(body(parameter), parameter).Compile();
            }
        }
    }

    private sealed class ValueListJson : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ValueList<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

        private sealed class Of<T> : JsonConverter<ValueList<T>>
        {
            public override ValueList<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
            {
                var items = JsonSerializer.Deserialize<T[]>(ref reader, options) ?? [];
                return Array.Exists(items, item => item is null)
                    ? throw new JsonException("A list holds no nulls.")
                    : items.ToValueList();
            }

            public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
            {
                writer.WriteStartArray();
                foreach (var item in value)
                    JsonSerializer.Serialize(writer, item, options);
                writer.WriteEndArray();
            }
        }
    }
}
