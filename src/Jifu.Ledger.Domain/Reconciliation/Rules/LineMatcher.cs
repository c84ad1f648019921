using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>Terms made ready to be held against many differences.</summary>
internal sealed class LineMatcher(LineTerms terms)
{
    private readonly List<(string Field, TextPattern Pattern)> patterns =
        [.. terms.Patterns.Select(one => (one.Field, TextPattern.Parse(one.Pattern)!))];

    public bool Fits(OpenDifference difference) => Shared(difference) is not null;

    /// <summary>What the names in braces stand for, in the order of the names; null when it is no such
    /// difference.</summary>
    public string? Shared(OpenDifference difference)
    {
        var finding = difference.Finding;
        if (terms.Class.Length > 0 && finding.Class != terms.Class)
            return null;
        var minor = Int128.Abs(difference.Left.MinorUnits);
        if (minor < (terms.FromMinor ?? 0) || minor > (terms.ToMinor ?? long.MaxValue))
            return null;
        var shared = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, pattern) in patterns)
        {
            if (pattern.Read(TextOf(finding, field)) is not { } values)
                return null;
            foreach (var (name, value) in values)
                shared.Add(name, value);
        }

        return string.Join('\n', shared.Values);
    }

    private static string TextOf(Finding finding, string field) => field switch
    {
        "key" => finding.Key,
        "kind" => LineKey.KindIn(finding.Key),
        "merchant" => finding.Line?.Merchant ?? "",
        "reference" => finding.Line?.Reference ?? "",
        "order" => finding.Line?.Order ?? "",
        "order_reference" => finding.Line?.OrderReference ?? "",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "no field of a line"),
    };
}
