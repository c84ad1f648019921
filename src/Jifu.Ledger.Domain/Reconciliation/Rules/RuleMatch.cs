using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>One of the differences that a rule takes together, and where its money goes.</summary>
public sealed record MatchedDifference(OpenDifference Difference, ValueList<SuspenseShare> Shares);

/// <summary>Differences that a rule explains.</summary>
/// <param name="Members">Of a group, the one line first.</param>
/// <param name="Rest">What is left over within the tolerance, and goes to the rule's account.</param>
public sealed record RuleMatch(IReadOnlyList<MatchedDifference> Members, Money Rest)
{
    /// <summary>What a rule explains of a list of differences. Pure: the same list gives the same matches.</summary>
    /// <param name="terms">What the rule says; without a fault.</param>
    /// <param name="open">In any order; each difference once.</param>
    public static IReadOnlyList<RuleMatch> Of(MatchingTerms terms, IReadOnlyList<OpenDifference> open)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var among = open.Where(difference => terms.Channel is null || terms.Channel == difference.Finding.Channel)
            .OrderBy(difference => difference.Finding.Day).ThenBy(difference => difference.Id.Value).ToList();
        return terms.Kind switch
        {
            MatchingKind.Tolerance => [.. among.Where(one => Tolerated(terms, one)).Select(one => Alone(terms, one))],
            MatchingKind.Status => [.. among.Where(one => SameStatus(terms, one)).Select(one => Alone(terms, one))],
            MatchingKind.Group => Groups(terms, among),
            _ => throw new ArgumentException($"{terms.Kind} is no kind of rule.", nameof(terms)),
        };
    }

    private static bool Tolerated(MatchingTerms terms, OpenDifference one) =>
        terms.Classes.Contains(one.Finding.Class)
        && terms.Allows(one.Left.MinorUnits, OpenDifference.MinorUnits(one.Finding.Ours) ?? 0);

    private static bool SameStatus(MatchingTerms terms, OpenDifference one) =>
        one.Finding.Class == "status_differs" && one.Left.IsZero
        && terms.Theirs.Contains(one.Finding.Theirs) && terms.Ours.Contains(one.Finding.Ours);

    private static RuleMatch Alone(MatchingTerms terms, OpenDifference one) => new(
        [new(one, one.Left.IsZero ? [] : [new(terms.Rest(one.Finding.Channel), one.Left)])], one.Left);

    // All that looks alike must tie as a whole; which part of it would is not guessed.
    private static List<RuleMatch> Groups(MatchingTerms terms, List<OpenDifference> among)
    {
        var manys = Side(terms.Many!.Value, among).ToLookup(side => side.Group, side => side.Difference);
        var taken = new HashSet<DifferenceId>();
        var matches = new List<RuleMatch>();
        foreach (var ones in Side(terms.One!.Value, among).ToLookup(side => side.Group, side => side.Difference))
        {
            foreach (var one in ones)
            {
                var rivals = ones.Count(other => IsNear(terms, one, other));
                var many = manys[ones.Key]
                    .Where(other => other.Id != one.Id && IsNear(terms, one, other) && !taken.Contains(other.Id))
                    .ToList();
                if (rivals > 1 || many.Count == 0 || taken.Contains(one.Id))
                    continue;
                var rest = many.Aggregate(one.Left, (sum, other) => sum + other.Left);
                if (!terms.Allows(rest.MinorUnits, one.Left.MinorUnits))
                    continue;
                taken.UnionWith(many.Select(other => other.Id).Append(one.Id));
                matches.Add(Together(terms, one, many, rest));
            }
        }

        return matches;
    }

    private static IEnumerable<((Channel, Currency, string) Group, OpenDifference Difference)> Side(
        GroupSide side, List<OpenDifference> among)
    {
        var pattern = KeyPattern.Parse(side.Key)!;
        foreach (var one in among.Where(difference => difference.Finding.Class == side.Class))
        {
            if (pattern.Shared(one.Finding.Key) is { } shared)
                yield return ((one.Finding.Channel, one.Left.Currency, shared), one);
        }
    }

    private static bool IsNear(MatchingTerms terms, OpenDifference one, OpenDifference other) =>
        Math.Abs(one.Finding.Day.Date.DayNumber - other.Finding.Day.Date.DayNumber) <= (terms.DaysApartMax ?? 0);

    // The receivable is level over the group; the one line carries the rest to its account.
    private static RuleMatch Together(
        MatchingTerms terms, OpenDifference one, List<OpenDifference> many, Money rest)
    {
        var receivable = Account.Receivable(one.Finding.Channel);
        SuspenseShare[] shares = rest.IsZero
            ? [new(receivable, one.Left)]
            : [new(receivable, one.Left - rest), new(terms.Rest(one.Finding.Channel), rest)];
        return new(
            [
                new(one, shares.Where(share => !share.Amount.IsZero).ToValueList()),
                .. many.Select(other => new MatchedDifference(
                    other, other.Left.IsZero ? [] : [new(receivable, other.Left)])),
            ],
            rest);
    }
}
