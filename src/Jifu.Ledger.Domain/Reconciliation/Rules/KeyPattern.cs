using System.Text;
using System.Text.RegularExpressions;

namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>What the keys of one side of a group look like: <c>refund:{order}-*</c>. A name in braces stands for what
/// both sides have in common, an asterisk for anything.</summary>
public sealed class KeyPattern
{
    private const int LengthMax = 120;

    private readonly Regex _regex;

    private KeyPattern(Regex regex, IReadOnlyList<string> names) => (_regex, Names) = (regex, names);

    /// <summary>The names in braces, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a pattern; null when a brace is not closed, or a name is empty, odd or there twice.</summary>
    public static KeyPattern? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > LengthMax)
            return null;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var regex = new StringBuilder("^");
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '{')
            {
                var end = text.IndexOf('}', at);
                var name = end < 0 ? "" : text[(at + 1)..end];
                if (name.Length == 0 || !name.All(char.IsAsciiLetterLower) || !names.Add(name))
                    return null;
                regex.Append($"(?<{name}>.+?)");
                at = end;
            }
            else
            {
                regex.Append(text[at] == '*' ? ".*" : Regex.Escape($"{text[at]}"));
            }
        }

        // No pattern of anybody's can make it slow.
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline;
        return new(new(regex.Append('$').ToString(), options), [.. names]);
    }

    /// <summary>What the names stand for in a key, joined in their order; null when the key does not look so.</summary>
    public string? Shared(string key)
    {
        var match = _regex.Match(key);
        return match.Success ? string.Join('\n', Names.Select(name => match.Groups[name].Value)) : null;
    }
}
