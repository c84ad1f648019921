namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>Finds out which line of a statement is which movement that we expect. Each is used once, and a line's
/// amount is always the sum of what it is taken for.</summary>
/// <remarks>In this order: the bank's number says it; the same amount within a week; the sum of several days of one
/// channel, when only one such sum exists. What stays over on either side is a difference with the bank.</remarks>
public sealed class StatementMatching
{
    /// <summary>How long after the first possible day the bank may have a movement.</summary>
    public const int DaysMax = 7;

    private const int ReferenceMin = 6;
    private const int SumMax = 10;

    private readonly List<StatementLine> lines;
    private readonly List<ExpectedMoney> expected;
    private readonly List<MoneyMatch> matches = [];

    private StatementMatching(IEnumerable<StatementLine> lines, IEnumerable<ExpectedMoney> expected)
    {
        this.lines = [.. lines.OrderBy(line => line.At).ThenBy(line => line.Id, StringComparer.Ordinal)];
        this.expected = [.. expected.OrderBy(one => one.Day).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    /// <param name="lines">Lines that are nothing yet.</param>
    /// <param name="expected">Movements that no line is yet.</param>
    public static IReadOnlyList<MoneyMatch> Of(IEnumerable<StatementLine> lines, IEnumerable<ExpectedMoney> expected)
    {
        var matching = new StatementMatching(lines, expected);
        matching.Each("reference", line => matching.One(line, IsNamed));
        matching.Each("amount", line => matching.One(line, IsInTime));
        matching.Each("sum", matching.Sum);
        return matching.matches;
    }

    private void Each(string how, Func<StatementLine, IReadOnlyList<ExpectedMoney>> find)
    {
        foreach (var line in lines.ToList())
        {
            if (find(line) is not { Count: > 0 } found)
                continue;
            matches.Add(new(line, found.ToValueList(), how));
            lines.Remove(line);
            expected.RemoveAll(found.Contains);
        }
    }

    private IReadOnlyList<ExpectedMoney> One(StatementLine line, Func<StatementLine, ExpectedMoney, bool> fits) =>
        expected.Find(one => one.Amount == line.Amount && fits(line, one)) is { } found ? [found] : [];

    private static bool IsNamed(StatementLine line, ExpectedMoney one) => one.Reference.Length >= ReferenceMin
        && (line.Reference.Contains(one.Reference, StringComparison.Ordinal)
            || line.Note.Contains(one.Reference, StringComparison.Ordinal));

    private static bool IsInTime(StatementLine line, ExpectedMoney one) =>
        one.Day <= line.Day && line.Day.Date.DayNumber - one.Day.Date.DayNumber <= DaysMax;

    // Channels pay days together that banks do not work on. Of two sums that would do, neither is taken.
    private IReadOnlyList<ExpectedMoney> Sum(StatementLine line)
    {
        var found = new List<IReadOnlyList<ExpectedMoney>>();
        foreach (var group in expected.Where(one => one.Group.Length > 0
            && one.Amount.Currency == line.Amount.Currency && IsInTime(line, one)).GroupBy(one => one.Group))
        {
            var days = group.ToList();
            for (var first = 0; first < days.Count; first++)
            {
                var sum = days[first].Amount;
                for (var last = first + 1; last < Math.Min(days.Count, first + SumMax); last++)
                {
                    sum += days[last].Amount;
                    if (sum == line.Amount)
                        found.Add(days[first..(last + 1)]);
                }
            }
        }

        return found is [var one] ? one : [];
    }
}
