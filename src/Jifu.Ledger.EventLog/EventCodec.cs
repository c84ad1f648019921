using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Jifu.Ledger.EventLog;

/// <summary>Turns events into stable names and bytes, and back. What it writes is the storage format.</summary>
/// <remarks>
/// A type's name is <c>category.snake_case_of_the_nested_record</c>; its payload is UTF-8 JSON with snake_case
/// members, enums
/// by name and nulls written out. Reading is strict: an unknown member, a member named twice or a missing one is
/// refused. An event
/// may grow a member when its constructor parameter has the default null; older events then read as that, and a null is
/// not written, so that they keep their bytes.
/// </remarks>
public sealed class EventCodec
{
    private readonly Dictionary<string, Case> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Case> _byType = [];

    /// <param name="hierarchies">Each category with its closed hierarchy: an abstract record with nested sealed
    /// records.</param>
    /// <exception cref="ArgumentException">A hierarchy has no cases, or two cases have one name.</exception>
    public EventCodec(params IReadOnlyList<(string Category, Type Hierarchy)> hierarchies)
    {
        ArgumentNullException.ThrowIfNull(hierarchies);
        foreach (var (category, hierarchy) in hierarchies)
        {
            var cases = hierarchy.GetNestedTypes()
                .Where(nested => nested.IsSealed && nested.IsSubclassOf(hierarchy))
                .ToList();
            if (cases.Count == 0)
                throw new ArgumentException($"{hierarchy} has no nested sealed cases: no hierarchy of events.");
            foreach (var @case in cases)
                Register($"{category}.{SnakeCase.Of(@case.Name)}", @case);
        }
    }

    /// <summary>Every name this codec knows, in ordinal order.</summary>
    public IReadOnlyList<string> TypeNames => [.. _byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The stable name under which an event of this CLR type is stored.</summary>
    /// <exception cref="ArgumentException">The type is in none of the hierarchies.</exception>
    public string TypeName(Type type) => Known(type).Name;

    /// <summary>The event's bytes: the same event gives the same bytes, always.</summary>
    public byte[] Write(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return JsonSerializer.SerializeToUtf8Bytes(@event, Known(@event.GetType()).Json);
    }

    /// <summary>Makes an event ready to append.</summary>
    /// <param name="metadata">Its own; null for the append's.</param>
    public EventToAppend Encode(Guid eventId, object @event, EventMetadata? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var known = Known(@event.GetType());
        return new(eventId, known.Name, JsonSerializer.SerializeToUtf8Bytes(@event, known.Json))
        {
            Metadata = metadata,
        };
    }

    /// <summary>Which case a stored event is by its name alone, be its payload what it may.</summary>
    /// <returns>Null when nobody can say: no hierarchy has a case of that name, or the event stands in a stream of
    /// another category, where no ledger writes it.</returns>
    public Type? CaseOf(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return !recorded.IsNameless && _byName.TryGetValue(recorded.Type, out var known)
            && recorded.Type.StartsWith($"{recorded.Stream.Category}.", StringComparison.Ordinal)
            ? known.Type
            : null;
    }

    /// <summary>Reads a stored event back; one that another program keeps here, as
    /// <see cref="ForeignEvent"/>.</summary>
    /// <exception cref="UnknownEventTypeException">No hierarchy has a case of that name: never skip such an
    /// event.</exception>
    /// <exception cref="InvalidDataException">No ledger has written it, or the payload is not what this type of event
    /// looks like.</exception>
    public object Decode(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        if (ForeignEvent.IsIn(recorded.Stream))
            return new ForeignEvent(recorded.Type);
        if (recorded.Unreadable is { } why)
            throw new InvalidDataException($"{Place(recorded)}: {why}");
        if (!_byName.TryGetValue(recorded.Type, out var known))
            throw new UnknownEventTypeException(recorded.Position, recorded.Stream, recorded.Type);
        if (known.AsWritten is { } read && MemoryMarshal.TryGetArray(recorded.Payload, out var bytes)
            && read(bytes) is { } @event)
            return @event;
        try
        {
            return JsonSerializer.Deserialize(recorded.Payload.Span, known.Json)
                ?? throw new JsonException("The payload is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Place(recorded)}: the payload does not read. {e.Message}", e);
        }
    }

    /// <summary>Reads a stored event back as a case of one hierarchy, or as <see cref="object"/> for any.</summary>
    /// <exception cref="InvalidDataException">It is of another hierarchy, or its payload does not read.</exception>
    public Recorded<TEvent> Decode<TEvent>(RecordedEvent recorded) where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var @event = Decode(recorded) as TEvent
            ?? throw new InvalidDataException($"{Place(recorded)} is no {typeof(TEvent).Name}.");
        return new(
            recorded.Position, recorded.Stream, recorded.Version, recorded.EventId, @event, recorded.Metadata,
            recorded.RecordedAt);
    }

    private static string Place(RecordedEvent recorded) =>
        UnknownEventTypeException.Place(recorded.Position, recorded.Stream, recorded.Type);

    private void Register(string name, Type type)
    {
        var known = new Case(name, type);
        if (!_byName.TryAdd(name, known))
            throw new ArgumentException($"Two events have the name {name}.");
        _byType.Add(type, known);
    }

    private Case Known(Type type) => _byType.TryGetValue(type, out var known)
        ? known
        : throw new ArgumentException($"{type} is in none of the hierarchies that this codec was built with.");

    /// <summary>One case, and what reads and writes it.</summary>
    /// <remarks>That is made when the first event of the case comes: made for all of them it takes half a second, in
    /// which a program that starts serves nobody, and most programs meet a few.</remarks>
    private sealed class Case(string name, Type type)
    {
        private readonly Lazy<JsonTypeInfo> _json = new(() => EventJson.Options.GetTypeInfo(type));
        private readonly Lazy<Func<ArraySegment<byte>, object?>?> _asWritten = new(() => CanonicalJson.For(type));

        public string Name => name;
        public Type Type => type;
        public JsonTypeInfo Json => _json.Value;
        public Func<ArraySegment<byte>, object?>? AsWritten => _asWritten.Value;
    }
}

/// <summary>The log holds an event that this program does not know: it is older than what wrote the event. Stop; never
/// skip it.</summary>
public sealed class UnknownEventTypeException(long position, StreamName stream, string type)
    : Exception($"{Place(position, stream, type)}: this program does not know that type of event.")
{
    public long Position { get; } = position;
    public StreamName Stream { get; } = stream;
    public string Type { get; } = type;

    internal static string Place(long position, StreamName stream, string type) =>
        FormattableString.Invariant($"Event {position} in stream {stream} of type {type}");
}
