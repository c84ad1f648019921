using System.Text.Json;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>The members of an object that a person has written, asked one by one. What is not as it should be is told
/// with file, line and column.</summary>
internal sealed class WrittenMembers
{
    private readonly WrittenJson written;
    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">There is another member than those known, or one twice.</exception>
    public WrittenMembers(WrittenJson written, params ReadOnlySpan<string> known)
    {
        this.written = written;
        foreach (var member in written.Value().EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw Wrong(member.Name, $"one of {string.Join(", ", known)} is expected, not this");
            if (!members.TryAdd(member.Name, member.Value))
                throw Wrong(member.Name, "it stands there twice");
        }
    }

    /// <summary>Null when it is not there, or says null.</summary>
    public string? Text(string name) => Value(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.String ? value.GetString()
        : throw Wrong(name, $"a text in double quotes is expected, not {value.GetRawText()}");

    public string Required(string name) => Text(name) ?? throw Wrong(name, "a text in double quotes is missing");

    public bool? Flag(string name) => Value(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, $"true or false is expected, not {value.GetRawText()}");

    public ValueList<string>? Texts(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind is not JsonValueKind.Array)
            throw Wrong(name, $"texts in brackets are expected, not {value.GetRawText()}");
        var texts = value.EnumerateArray().ToList();
        var odd = texts.FindIndex(text => text.ValueKind is not JsonValueKind.String);
        return odd < 0
            ? texts.Select(text => text.GetString()!).ToValueList()
            : throw Wrong(
                FormattableString.Invariant($"{name}[{odd}]"),
                $"a text in double quotes is expected, not {texts[odd].GetRawText()}");
    }

    /// <summary>What one of some words means; the first word's meaning when it says nothing.</summary>
    public T OneOf<T>(string name, params ReadOnlySpan<(string Word, T Value)> all)
    {
        var word = Text(name) ?? all[0].Word;
        foreach (var (known, value) in all)
        {
            if (known == word)
                return value;
        }

        throw Wrong(name, $"{all[0].Word} or {all[1].Word} is expected, not {word}");
    }

    public InvalidDataException Wrong(string name, string what) =>
        new($"{written.PlaceOf($"$.{name}")}: {name}: {what}.");

    private JsonElement? Value(string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
}
