using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>A small JSON file that a person has written. What is wrong in it is told with line and column, in
/// words.</summary>
/// <remarks>Comments and a comma after the last member are taken.</remarks>
public sealed class WrittenJson
{
    private const JsonCommentHandling Comments = JsonCommentHandling.Skip;

    private readonly byte[] bytes;
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly Stack<char> open = [];
    private JsonTokenType last;

    private WrittenJson(string name, byte[] bytes) => (Name, this.bytes) = (name, bytes);

    /// <summary>The file's name, without its folder.</summary>
    public string Name { get; }

    /// <exception cref="InvalidDataException">It is no JSON object; the message says file, line, column, and what is
    /// expected there.</exception>
    public static WrittenJson Read(string name, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var written = new WrittenJson(name, content is [0xEF, 0xBB, 0xBF, .. var rest] ? rest : content);
        if (!Utf8.IsValid(written.bytes))
            throw new InvalidDataException($"{name}: a text in UTF-8 is expected.");
        written.Walk();
        return written;
    }

    /// <summary>What it says.</summary>
    public JsonElement Value()
    {
        using var document = JsonDocument.Parse(
            bytes, new() { CommentHandling = Comments, AllowTrailingCommas = true });
        return document.RootElement.Clone();
    }

    /// <summary>Where a member stands, as <c>rule.json:3:14</c>; what is around it when it is not there.</summary>
    /// <param name="path">As <c>$.many.key</c>.</param>
    public string PlaceOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        while (!places.ContainsKey(path) && path.LastIndexOfAny(['.', '[']) is > 0 and var end)
            path = path[..end];
        return At(places.GetValueOrDefault(path));
    }

    private void Walk()
    {
        var reader = new Utf8JsonReader(bytes, new() { CommentHandling = Comments, AllowTrailingCommas = true });
        try
        {
            Next(ref reader);
            if (last != JsonTokenType.StartObject)
                throw Rejected((int)reader.TokenStartIndex, "an object in braces, { … },");
            WalkValue(ref reader, "$");
            reader.Read();
        }
        catch (JsonException wrong)
        {
            throw Rejected(OffsetOf(wrong), Expected);
        }
    }

    private void Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        last = reader.TokenType;
    }

    private void WalkValue(ref Utf8JsonReader reader, string path)
    {
        places.TryAdd(path, (int)reader.TokenStartIndex);
        if (last == JsonTokenType.StartObject)
        {
            open.Push('}');
            for (Next(ref reader); last != JsonTokenType.EndObject; Next(ref reader))
            {
                var member = $"{path}.{reader.GetString()}";
                places.TryAdd(member, (int)reader.TokenStartIndex);
                Next(ref reader);
                WalkValue(ref reader, member);
            }

            open.Pop();
        }
        else if (last == JsonTokenType.StartArray)
        {
            open.Push(']');
            Next(ref reader);
            for (var at = 0; last != JsonTokenType.EndArray; at++, Next(ref reader))
                WalkValue(ref reader, FormattableString.Invariant($"{path}[{at}]"));
            open.Pop();
        }
    }

    // By what was read last; a name is read together with its colon.
    private string Expected => last switch
    {
        JsonTokenType.None => "an object in braces, { … },",
        JsonTokenType.PropertyName => "a value (a text in double quotes, a number, true, false, null, […] or {…})",
        JsonTokenType.StartObject => "a name in double quotes with a colon, or }",
        JsonTokenType.StartArray => "a value or ]",
        _ when open.Count == 0 => "nothing more",
        _ when open.Peek() == ']' => "a comma and a value, or ]",
        _ => "a comma and a name in double quotes with a colon, or }",
    };

    private int OffsetOf(JsonException wrong)
    {
        var offset = 0;
        for (var line = wrong.LineNumber ?? 0; line > 0; line--)
            offset += bytes.AsSpan(offset).IndexOf((byte)'\n') + 1;
        return Math.Min(offset + (int)(wrong.BytePositionInLine ?? 0), bytes.Length);
    }

    private InvalidDataException Rejected(int offset, string expected)
    {
        var rest = Encoding.UTF8.GetString(bytes.AsSpan(offset, Math.Min(bytes.Length - offset, 64)))
            .Split('\n')[0].TrimEnd();
        var found = offset == bytes.Length ? "the end of the file" : rest.Length == 0 ? "the end of the line"
            : $"'{(rest.Length > 12 ? rest[..12] + "…" : rest)}'";
        return new($"{At(offset)}: {expected} is expected, not {found}.");
    }

    private string At(int offset)
    {
        var before = Encoding.UTF8.GetString(bytes.AsSpan(0, offset));
        var lineStart = before.LastIndexOf('\n') + 1;
        return FormattableString.Invariant(
            $"{Name}:{before.Count(letter => letter == '\n') + 1}:{before.Length - lineStart + 1}");
    }
}
