namespace Jifu.Ledger.EventLog;

/// <summary>The name of one history: <c>category-id</c>, such as <c>payment-p4f1…</c>.</summary>
/// <remarks>The category holds no hyphen, so that the name reads back; the id may hold any.</remarks>
public readonly record struct StreamName
{
    public const int LengthMax = 200;

    /// <exception cref="ArgumentException">A part is empty, the category holds a hyphen, or the name is longer than
    /// <see cref="LengthMax"/>.</exception>
    public StreamName(string category, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(category);
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (category.Contains('-', StringComparison.Ordinal) || category.Length + id.Length >= LengthMax)
            throw new ArgumentException(
                $"'{category}-{id}' is no stream name: no hyphen in the category, {LengthMax} characters.");
        (Category, Id) = (category, id);
    }

    public string Category { get; }
    public string Id { get; }

    /// <summary>Reads a name that others may have given.</summary>
    /// <returns>False for one that no ledger gives.</returns>
    public static bool TryParse(string text, out StreamName name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hyphen = text.IndexOf('-', StringComparison.Ordinal);
        var isOne = hyphen > 0 && hyphen < text.Length - 1 && text.Length <= LengthMax;
        name = isOne ? new(text[..hyphen], text[(hyphen + 1)..]) : default;
        return isOne;
    }

    /// <summary>Reads a stored name back.</summary>
    /// <exception cref="ArgumentException">The text holds no hyphen.</exception>
    public static StreamName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hyphen = text.IndexOf('-', StringComparison.Ordinal);
        return hyphen > 0
            ? new(text[..hyphen], text[(hyphen + 1)..])
            : throw new ArgumentException($"'{text}' is no stream name: no hyphen.");
    }

    public override string ToString() => $"{Category}-{Id}";
}
