using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Rules;

using static Given;

/// <summary>Which of many lines belong to one, held against trying every set of them.</summary>
public class PartOfManyProperties
{
    [Fact]
    public void One_line_finds_what_trying_every_set_of_lines_finds()
    {
        var (random, seen) = (new Random(20261121), new int[3]);
        for (var round = 0; round < 1_200; round++)
        {
            var terms = TermsOf(random);
            var one = Line("only_at_channel", "batch", random.Next(-60, 61));
            var many = Pool(random, random.Next(0, 10));
            var fitting = one.Left.IsZero ? [] : Fitting(terms, one, many);
            var findings = RuleFindings.Of(terms, Shuffled(random, [one, .. many]));

            var matched = findings.Matches.Select(match => match.Members.Skip(1).Select(member => member.Difference));
            matched.Select(Keys).ShouldBe(fitting.Count == 1 ? [Keys(fitting[0])] : []);
            findings.Undecided.Select(line => line.Why).ShouldBe(fitting.Count > 1 ? [Undecidable.Ambiguous] : []);
            foreach (var line in findings.Undecided)
            {
                line.Fitting.Count.ShouldBe(2);
                Keys(line.Fitting[0]).ShouldNotBe(Keys(line.Fitting[1]));
                line.Fitting.Select(Keys).ShouldAllBe(keys => fitting.Select(Keys).Contains(keys));
            }

            seen[Math.Min(fitting.Count, 2)]++;
        }

        seen.ShouldAllBe(times => times > 60);
    }

    [Fact]
    public void Several_lines_take_only_what_nothing_else_could_explain()
    {
        var (random, seen) = (new Random(7), new int[2]);
        for (var round = 0; round < 800; round++)
        {
            var terms = TermsOf(random);
            OpenDifference[] ones = [.. Enumerable.Range(0, random.Next(1, 4))
                .Select(at => Line("only_at_channel", $"batch{at}", random.Next(-60, 61)))];
            var many = Pool(random, random.Next(0, 9));
            var findings = RuleFindings.Of(terms, Shuffled(random, [.. ones, .. many]));

            var (matches, left) = ByTrying(terms, ones, many);
            findings.Matches.Select(Told).Order().ShouldBe(matches.Order());
            findings.Undecided.Select(line => line.One.Finding.Key).Order().ShouldBe(left.Order());
            (seen[0], seen[1]) = (seen[0] + matches.Count, seen[1] + left.Count);
        }

        seen.ShouldAllBe(times => times > 60);
    }

    [Fact]
    public void Everything_that_is_taken_goes_somewhere_and_comes_to_nothing()
    {
        var random = new Random(99);
        var matches = Enumerable.Range(0, 1_000).SelectMany(_ =>
        {
            OpenDifference[] lines =
                [Line("only_at_channel", "batch", random.Next(-60, 61)), .. Pool(random, random.Next(0, 11))];
            return RuleFindings.Of(TermsOf(random), lines).Matches;
        }).ToList();
        matches.Count.ShouldBeGreaterThan(50);
        foreach (var match in matches)
        {
            foreach (var (line, shares) in match.Members.Select(member => (member.Difference, member.Shares)))
                shares.Sum(share => share.Amount.MinorUnits).ShouldBe(line.Left.MinorUnits);
            match.Members.SelectMany(member => member.Shares)
                .Where(share => share.To.Kind == AccountKind.ChannelReceivable)
                .Sum(share => share.Amount.MinorUnits).ShouldBe(0);
            Math.Abs(match.Rest.MinorUnits).ShouldBeLessThanOrEqualTo(2);
        }
    }

    [Fact]
    public void What_would_take_too_long_is_told_and_not_tried()
    {
        var many = Enumerable.Range(1, 200).Select(at => Line("only_with_us", $"p{at}", at)).ToList();
        var one = Line("only_at_channel", "batch", -7_00);
        var findings = RuleFindings.Of(Terms with { MembersMax = 5 }, [one, .. many]);
        findings.Undecided.Single().ShouldSatisfyAllConditions(
            line => line.Why.ShouldBe(Undecidable.TooMany), line => line.Candidates.ShouldBe(200));

        // All of five hundred but two are still looked for, each set once.
        OpenDifference[] day =
            [.. Enumerable.Range(0, 500).Select(at => Line("only_with_us", $"p{at}", -1 - (at * at)))];
        var batch = Line("only_at_channel", "batch", day.Sum(line => -line.Left.MinorUnits) - 1 - 2);
        RuleFindings.Of(Terms with { LeftOutMax = 2 }, [batch, .. day]).Matches.Single().Members
            .Select(member => member.Difference.Finding.Key)
            .ShouldNotContain(key => key == "payment:p0" || key == "payment:p1");
    }

    private static readonly MatchingTerms Terms = new(
        MatchingKind.Group, [], [], [], One: new("only_at_channel", "payment:batch*"),
        Many: new("only_with_us", "payment:p*"));

    private static MatchingTerms TermsOf(Random random)
    {
        var terms = random.Next(2) == 0
            ? Terms with { MembersMax = random.Next(1, 12) }
            : Terms with { LeftOutMax = random.Next(0, 12) };
        return random.Next(3) == 0 ? terms with { WithinMinor = 2, RestTo = AccountKind.ChannelCost } : terms;
    }

    private static OpenDifference[] Pool(Random random, int count) => [.. Enumerable.Range(0, count)
        .Select(at => Line("only_with_us", $"p{at}", random.Next(-40, 25)))];

    private static OpenDifference Line(string @class, string number, long fen) => new(
        new(Channel.WeChatPay, Friday, @class, $"payment:{number}", "line", "", "", Cny(fen), 1), Cny(fen));

    private static OpenDifference[] Shuffled(Random random, OpenDifference[] lines)
    {
        random.Shuffle(lines);
        return lines;
    }

    // The oracle: each set of lines, one after the other.
    private static List<List<OpenDifference>> Fitting(
        MatchingTerms terms, OpenDifference one, IReadOnlyCollection<OpenDifference> many)
    {
        var lines = many.Where(line => !line.Left.IsZero).ToList();
        return [.. Enumerable.Range(1, (1 << lines.Count) - 1)
            .Select(set => lines.Where((_, at) => (set & (1 << at)) != 0).ToList())
            .Where(set => set.Count <= (terms.MembersMax ?? lines.Count)
                && lines.Count - set.Count <= (terms.LeftOutMax ?? lines.Count)
                && Math.Abs(one.Left.MinorUnits + set.Sum(line => line.Left.MinorUnits)) <= (terms.WithinMinor ?? 0))];
    }

    // All ones at once; what two want neither gets; then again with what is left.
    private static (List<string> Matches, List<string> Left) ByTrying(
        MatchingTerms terms, IReadOnlyList<OpenDifference> ones, IReadOnlyList<OpenDifference> many)
    {
        var (matches, pool) = (new List<string>(), many.ToList());
        var waiting = ones.Where(one => !one.Left.IsZero).ToList();
        while (true)
        {
            var fitting = waiting.ToDictionary(one => one, one => Fitting(terms, one, pool));
            var clear = waiting.Where(one => fitting[one].Count == 1 && !waiting.Any(other => other != one
                && fitting[other].Count == 1 && fitting[other][0].Intersect(fitting[one][0]).Any())).ToList();
            if (clear.Count == 0)
                return (matches, [.. waiting.Where(one => fitting[one].Count > 0).Select(one => one.Finding.Key)]);
            matches.AddRange(clear.Select(one => $"{one.Finding.Key} = {Keys(fitting[one][0])}"));
            pool.RemoveAll(line => clear.Any(one => fitting[one][0].Contains(line)));
            waiting.RemoveAll(clear.Contains);
        }
    }

    private static string Told(RuleMatch match) => $"{match.Members[0].Difference.Finding.Key} = "
        + Keys(match.Members.Skip(1).Select(member => member.Difference));

    private static string Keys(IEnumerable<OpenDifference> lines) =>
        string.Join(' ', lines.Select(line => line.Finding.Key).Order(StringComparer.Ordinal));
}
