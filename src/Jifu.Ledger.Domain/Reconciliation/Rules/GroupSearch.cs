using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>One application of a rule about groups: which lines belong to which one.</summary>
/// <remarks>A set of lines is taken only when nothing else would do as well: no other set for the same one, no other
/// one for the same lines.</remarks>
internal sealed class GroupSearch
{
    /// <summary>How many sets of lines one application of a rule lists at most, for all its ones together.</summary>
    private const int EffortMax = 1 << 22;

    private readonly MatchingTerms terms;
    private readonly List<((Channel, Currency, string) Group, OpenDifference Line)> ones;
    private readonly ILookup<(Channel, Currency, string), OpenDifference> onesOf, manys;
    private readonly HashSet<DifferenceId> taken = [];
    private readonly Dictionary<DifferenceId, (List<OpenDifference> Among, Judged Judged)> judgedBefore = [];
    private int effort;

    /// <param name="among">In the order in which they are to be judged.</param>
    public GroupSearch(MatchingTerms terms, List<OpenDifference> among)
    {
        this.terms = terms;
        ones = [.. Side(terms.One!, among)];
        onesOf = ones.ToLookup(side => side.Group, side => side.Line);
        manys = Side(terms.Many!, among).ToLookup(side => side.Group, side => side.Line);
    }

    /// <summary>What has been judged about a one: the sets that would do, two at most.</summary>
    private sealed record Judged(
        OpenDifference One, IReadOnlyList<IReadOnlyList<OpenDifference>> Fitting, int Candidates,
        Undecidable Why = Undecidable.None)
    {
        /// <summary>What it would take; nothing when that is not clear.</summary>
        public IEnumerable<OpenDifference> Claim => Fitting is [var only] && Why is Undecidable.None
            ? only.Append(One)
            : [];
    }

    // What is taken leaves fewer to choose from, so all are judged again until nothing more is clear.
    public RuleFindings Findings()
    {
        var matches = new List<RuleMatch>();
        while (true)
        {
            var judged = ones.Where(one => !taken.Contains(one.Line.Id)).Select(one => Judge(one.Group, one.Line))
                .ToList();
            var contested = judged.SelectMany(one => one.Claim).CountBy(line => line.Id)
                .Where(claims => claims.Value > 1).Select(claims => claims.Key).ToHashSet();
            var clear = judged.Where(one => one.Claim.Any() && !one.Claim.Any(line => contested.Contains(line.Id)))
                .ToList();
            if (clear.Count == 0)
                return new(matches, [.. judged.Select(Undecided).OfType<UndecidedLine>()]);
            taken.UnionWith(clear.SelectMany(one => one.Claim).Select(line => line.Id));
            matches.AddRange(clear.Select(one => Together(one.One, one.Fitting[0])));
        }
    }

    private static UndecidedLine? Undecided(Judged one) => one switch
    {
        { Why: not Undecidable.None } => new(one.One, one.Why, one.Fitting, one.Candidates),
        { Fitting: [] } => null,
        { Fitting: [_] } => new(one.One, Undecidable.Contested, one.Fitting, one.Candidates),
        _ => new(one.One, Undecidable.Ambiguous, one.Fitting, one.Candidates),
    };

    private static IEnumerable<((Channel, Currency, string) Group, OpenDifference Line)> Side(
        LineTerms side, List<OpenDifference> among)
    {
        var matcher = new LineMatcher(side);
        foreach (var line in among)
        {
            if (matcher.Shared(line) is { } shared)
                yield return ((line.Finding.Channel, line.Left.Currency, shared), line);
        }
    }

    private Judged Judge((Channel, Currency, string) group, OpenDifference one)
    {
        var among = manys[group].Where(other => other.Id != one.Id && IsNear(one, other) && !taken.Contains(other.Id))
            .ToList();
        if (!terms.TakesPart)
            return JudgeWhole(group, one, among);
        if (judgedBefore.TryGetValue(one.Id, out var before) && before.Among.SequenceEqual(among))
            return before.Judged;
        var judged = JudgePart(one, [.. among.Where(line => !line.Left.IsZero)]);
        judgedBefore[one.Id] = (among, judged);
        return judged;
    }

    // All that looks alike must tie as a whole; and of two that could be the one, neither is.
    private Judged JudgeWhole((Channel, Currency, string) group, OpenDifference one, List<OpenDifference> among)
    {
        var rest = among.Aggregate(one.Left, (sum, line) => sum + line.Left);
        var ties = among.Count > 0 && terms.Allows(rest.MinorUnits, one.Left.MinorUnits);
        var hasRival = ties && onesOf[group].Any(
            other => other.Id != one.Id && IsNear(one, other) && !taken.Contains(other.Id));
        return new(
            one, ties ? [among] : [], among.Count, hasRival ? Undecidable.Contested : Undecidable.None);
    }

    // A line of nothing would be in or out as one likes.
    private Judged JudgePart(OpenDifference one, List<OpenDifference> among)
    {
        var sizeMax = terms.MembersMax ?? Math.Min(terms.LeftOutMax!.Value, among.Count - 1);
        if (among.Count == 0 || one.Left.IsZero)
            return new(one, [], among.Count);
        if (SubsetSum.Effort(among.Count, sizeMax) is not { } sets || effort + sets > EffortMax)
            return new(one, [], among.Count, Undecidable.TooMany);
        effort += sets;

        var amounts = among.Select(line => line.Left.MinorUnits).ToList();
        var (wanted, tolerance) = (-one.Left.MinorUnits, terms.Tolerance(one.Left.MinorUnits));
        if (terms.MembersMax is not null)
            return new(
                one, [.. SubsetSum.Find(amounts, wanted - tolerance, wanted + tolerance, 1, sizeMax).Select(Lines)],
                among.Count);
        var tooMuch = amounts.Sum() - wanted;
        return new(
            one, [.. SubsetSum.Find(amounts, tooMuch - tolerance, tooMuch + tolerance, 0, sizeMax).Select(Others)],
            among.Count);

        List<OpenDifference> Lines(IReadOnlyList<int> places) => [.. places.Select(at => among[at])];
        List<OpenDifference> Others(IReadOnlyList<int> places) => [.. among.Except(Lines(places))];
    }

    private bool IsNear(OpenDifference one, OpenDifference other) =>
        Math.Abs(one.Finding.Day.Date.DayNumber - other.Finding.Day.Date.DayNumber) <= (terms.DaysApartMax ?? 0);

    // The receivable is level over the group; the one line carries the rest to its account.
    private RuleMatch Together(OpenDifference one, IReadOnlyList<OpenDifference> many)
    {
        var receivable = Account.Receivable(one.Finding.Channel);
        var rest = many.Aggregate(one.Left, (sum, other) => sum + other.Left);
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
