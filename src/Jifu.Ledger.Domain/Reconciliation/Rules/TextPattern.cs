namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>What a text of a difference looks like: <c>refund:{order}-*</c>. A name in braces stands for what both
/// sides of a group have in common, and for as little as will do; an asterisk for anything, and as much.</summary>
public sealed class TextPattern
{
    private const int LengthMax = 120;

    private readonly List<Part> parts;

    private TextPattern(List<Part> parts, IReadOnlyList<string> names) => (this.parts, Names) = (parts, names);

    /// <summary>A letter to find; or a name, or an asterisk.</summary>
    private readonly record struct Part(char Letter, string? Name, bool IsAnything);

    /// <summary>The names in braces, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a pattern; null when a brace is not closed, or a name is empty, odd or there twice.</summary>
    public static TextPattern? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > LengthMax)
            return null;
        var (names, parts) = (new SortedSet<string>(StringComparer.Ordinal), new List<Part>());
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '{')
            {
                parts.Add(new(text[at], null, text[at] == '*'));
                continue;
            }

            var end = text.IndexOf('}', at);
            var name = end < 0 ? "" : text[(at + 1)..end];
            if (name.Length == 0 || !name.All(char.IsAsciiLetterLower) || !names.Add(name))
                return null;
            parts.Add(new(default, name, false));
            at = end;
        }

        return new(parts, [.. names]);
    }

    /// <summary>What each name stands for in a text; null when the text does not look so.</summary>
    public IReadOnlyDictionary<string, string>? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        return Fits(0, text, 0, values, []) ? values : null;
    }

    // What did not fit once is not tried again, so no pattern of anybody's can make it slow.
    private bool Fits(
        int part, string text, int from, Dictionary<string, string> values, HashSet<(int Part, int From)> failed)
    {
        if (part == parts.Count)
            return from == text.Length;
        if (failed.Contains((part, from)))
            return false;
        var (letter, name, isAnything) = parts[part];
        var (length, fewest) = (text.Length - from, name is null ? 0 : 1);
        if (name is null && !isAnything)
            return from < text.Length && text[from] == letter && Fits(part + 1, text, from + 1, values, failed);
        for (var more = 0; more <= length - fewest; more++)
        {
            var taken = isAnything ? length - more : fewest + more;
            if (!Fits(part + 1, text, from + taken, values, failed))
                continue;
            if (name is not null)
                values[name] = text.Substring(from, taken);
            return true;
        }

        failed.Add((part, from));
        return false;
    }
}
