namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>Which differences a rule, or one side of a group, is about: all that is said must be so; what is null says
/// nothing. Texts are patterns (<see cref="TextPattern"/>).</summary>
/// <param name="Class">The class of difference, as it stands; empty for any, but not of one side of a group.</param>
/// <param name="Key">Kind and number: <c>refund:{order}-*</c>.</param>
/// <param name="Kind"><c>payment</c>, <c>refund</c>, <c>revoke</c>: how the key begins.</param>
/// <param name="Merchant"><see cref="LineFacts.Merchant"/>.</param>
/// <param name="Reference"><see cref="LineFacts.Reference"/>.</param>
/// <param name="Order"><see cref="LineFacts.Order"/>.</param>
/// <param name="OrderReference"><see cref="LineFacts.OrderReference"/>.</param>
/// <param name="FromMinor">At least so many minor units are in suspense for it, whichever their sign.</param>
/// <param name="ToMinor">At most so many.</param>
public sealed record LineTerms(
    string Class = "", string? Key = null, string? Kind = null, string? Merchant = null, string? Reference = null,
    string? Order = null, string? OrderReference = null, long? FromMinor = null, long? ToMinor = null)
{
    /// <summary>The patterns, with the names of their fields; without those that say nothing.</summary>
    internal IEnumerable<(string Field, string Pattern)> Patterns => new (string Field, string? Pattern)[]
    {
        ("key", Key), ("kind", Kind), ("merchant", Merchant), ("reference", Reference), ("order", Order),
        ("order_reference", OrderReference),
    }.Where(one => one.Pattern is not null).Select(one => (one.Field, one.Pattern!));

    /// <summary>What the names in braces are, over all fields; in alphabetical order.</summary>
    internal IEnumerable<string> Names =>
        Patterns.SelectMany(one => TextPattern.Parse(one.Pattern)?.Names ?? []).Order(StringComparer.Ordinal);

    /// <summary>What is wrong with classes that a rule is about: a misspelt one would never come. And whatever a
    /// correction moves, nothing is in suspense for it, so it would be within any tolerance.</summary>
    internal static RuleFault? ClassFault(string field, IReadOnlyList<string> classes)
    {
        if (classes.Contains(DifferenceClasses.Correction))
            return new(field, $"no {DifferenceClasses.Correction}, whose amount only people find out,");
        string[] known = [.. DifferenceClasses.OfTrade, .. DifferenceClasses.OfMoney];
        return classes.FirstOrDefault(one => !known.Contains(one)) is { } unknown
            ? new(field, $"one of {string.Join(", ", known.Where(one => one != DifferenceClasses.Correction))}, "
                + $"instead of {unknown},")
            : null;
    }

    /// <summary>Why no rule can say this; null when one can.</summary>
    internal RuleFault? Fault
    {
        get
        {
            if (Class.Length > 0 && ClassFault("class", [Class]) is { } fault)
                return fault;
            foreach (var (name, pattern) in Patterns)
            {
                if (TextPattern.Parse(pattern) is null)
                    return new(name, "a pattern of 1 to 120 characters, with names such as {order} in braces,");
            }

            var names = Names.ToList();
            return names.Distinct().Count() < names.Count ? new("", "each name in braces once")
                : FromMinor is < 0 ? new("from_minor", "0 or more")
                : ToMinor < (FromMinor ?? 0) ? new("to_minor", "not less than from_minor, nor than 0")
                : null;
        }
    }
}

/// <summary>What is wrong with a rule.</summary>
/// <param name="Field">Where: <c>many.key</c>; empty for the rule as a whole.</param>
/// <param name="Expected">What would do, in words.</param>
public sealed record RuleFault(string Field, string Expected)
{
    /// <summary>For people: <c>many.key: a pattern is expected</c>.</summary>
    public override string ToString() => $"{(Field.Length > 0 ? $"{Field}: " : "")}{Expected} is expected";

    internal RuleFault Within(string field) => this with { Field = Field.Length > 0 ? $"{field}.{Field}" : field };
}
