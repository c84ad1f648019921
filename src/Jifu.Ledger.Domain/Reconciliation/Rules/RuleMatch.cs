using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>One of the differences that a rule takes together, and where its money goes.</summary>
public sealed record MatchedDifference(OpenDifference Difference, ValueList<SuspenseShare> Shares);

/// <summary>Differences that a rule explains.</summary>
/// <param name="Members">Of a group, the one line first.</param>
/// <param name="Rest">What is left over within the tolerance, and goes to the rule's account.</param>
public sealed record RuleMatch(IReadOnlyList<MatchedDifference> Members, Money Rest);

/// <summary>Why a rule says nothing about a line that it might explain. The API returns these names.</summary>
public enum Undecidable
{
    None = 0,

    /// <summary>Two different sets of lines come to its amount, or more.</summary>
    Ambiguous,

    /// <summary>One set does, and another line wants some of the same.</summary>
    Contested,

    /// <summary>There are too many lines to try all sets of them.</summary>
    TooMany,
}

/// <summary>A line that a rule leaves to people.</summary>
/// <param name="Fitting">The sets that would do: two of them when there are more.</param>
/// <param name="Candidates">How many lines there are to choose from.</param>
public sealed record UndecidedLine(
    OpenDifference One, Undecidable Why, IReadOnlyList<IReadOnlyList<OpenDifference>> Fitting, int Candidates);

/// <summary>What a rule says of a list of differences.</summary>
public sealed record RuleFindings(IReadOnlyList<RuleMatch> Matches, IReadOnlyList<UndecidedLine> Undecided)
{
    /// <summary>Pure: the same differences give the same findings.</summary>
    /// <param name="terms">What the rule says; without a fault.</param>
    /// <param name="open">In any order; each difference once.</param>
    public static RuleFindings Of(MatchingTerms terms, IReadOnlyList<OpenDifference> open)
    {
        ArgumentNullException.ThrowIfNull(terms);

        // A rule that was written before it was refused to say so may name corrections.
        var among = open.Where(difference => difference.Finding.Class != DifferenceClasses.Correction
                && (terms.Channel is null || terms.Channel == difference.Finding.Channel))
            .OrderBy(difference => difference.Finding.Day)
            .ThenBy(difference => difference.Id.Value, StringComparer.Ordinal).ToList();
        if (terms.Kind is MatchingKind.Group)
            return new GroupSearch(terms, among).Findings();
        var where = new LineMatcher(terms.Where ?? new());
        return new(
            [.. among.Where(one => Explains(terms, one) && where.Fits(one)).Select(one => Alone(terms, one))], []);
    }

    private static bool Explains(MatchingTerms terms, OpenDifference one) => terms.Kind switch
    {
        MatchingKind.Tolerance => terms.Classes.Contains(one.Finding.Class)
            && terms.Allows(one.Left.MinorUnits, one.Finding.OursMinor),
        MatchingKind.Status => one.Finding.Class == "status_differs" && one.Left.IsZero
            && terms.Theirs.Contains(one.Finding.Theirs) && terms.Ours.Contains(one.Finding.Ours),
        _ => throw new ArgumentException($"{terms.Kind} is no kind of rule.", nameof(terms)),
    };

    private static RuleMatch Alone(MatchingTerms terms, OpenDifference one) => new(
        [new(one, one.Left.IsZero ? [] : [new(terms.Rest(one.Finding.Channel), one.Left)])], one.Left);
}
