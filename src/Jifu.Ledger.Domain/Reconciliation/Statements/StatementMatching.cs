namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>Finds out which line of a statement is which movement that we expect. Each is used once, and a line's
/// amount is always the sum of what it is taken for.</summary>
/// <remarks>In this order: the bank's number says it; the line names the channel, and the amount is of a day within
/// the twelve before, or of several of its days, when only one such sum exists; the amount alone. The amount alone
/// confirms what is booked; money that is not is only proposed by it, for others pay us the same amounts. A line
/// that names a channel is no other channel's money. Several lines that are one movement only together are proposed.
/// What stays over on either side is a difference with the bank.</remarks>
public sealed class StatementMatching
{
    /// <summary>How long after the first possible day the bank may have a movement.</summary>
    public const int DaysMax = 7;

    /// <summary>The same for channels' days, which wait for the end of the longest holidays (春节).</summary>
    public const int ChannelDaysMax = 12;

    private const int ReferenceMin = 6;
    private const int SumMax = ChannelDaysMax;

    private readonly List<StatementLine> lines;
    private readonly List<ExpectedMoney> expected;
    private readonly Func<StatementLine, IReadOnlyList<string>> names;
    private readonly Func<StatementLine, ExpectedMoney, bool> isRefuted;
    private readonly List<MoneyMatch> matches = [];

    private StatementMatching(
        IEnumerable<StatementLine> lines, IEnumerable<ExpectedMoney> expected,
        Func<StatementLine, IReadOnlyList<string>> names, Func<StatementLine, ExpectedMoney, bool> isRefuted)
    {
        this.lines = [.. lines.OrderBy(line => line.At).ThenBy(line => line.Id, StringComparer.Ordinal)];
        this.expected = [.. expected.OrderBy(one => one.Day).ThenBy(one => one.Id, StringComparer.Ordinal)];
        (this.names, this.isRefuted) = (names, isRefuted);
    }

    /// <param name="lines">Lines that are nothing yet.</param>
    /// <param name="expected">Movements that no line is yet.</param>
    /// <param name="names">The channels that a line names.</param>
    /// <param name="isRefuted">Whether a person said that a line is not this movement.</param>
    public static IReadOnlyList<MoneyMatch> Of(
        IEnumerable<StatementLine> lines, IEnumerable<ExpectedMoney> expected,
        Func<StatementLine, IReadOnlyList<string>> names, Func<StatementLine, ExpectedMoney, bool> isRefuted)
    {
        var matching = new StatementMatching(lines, expected, names, isRefuted);
        matching.Each("reference", true, line => matching.One(line, HasNumber));
        matching.Each("name", true, line => matching.One(line, matching.IsNamed));
        matching.Each("amount", true, line => matching.One(line, matching.IsBooked));
        matching.Each("sum", true, line => matching.Sum(line, matching.IsNamed));
        matching.Each("sum", true, line => matching.Sum(line, matching.IsBooked));
        matching.Each("amount", false, line => matching.One(line, matching.MayBe));
        matching.Each("sum", false, line => matching.Sum(line, matching.MayBe));
        matching.Together();
        return matching.matches;
    }

    private void Each(string how, bool isCertain, Func<StatementLine, IReadOnlyList<ExpectedMoney>> find)
    {
        foreach (var line in lines.ToList())
        {
            if (find(line) is not { Count: > 0 } found)
                continue;
            matches.Add(new(line, found.ToValueList(), how, isCertain && !found.Any(one => one.NeedsWord)));
            lines.Remove(line);
            expected.RemoveAll(found.Contains);
        }
    }

    private IReadOnlyList<ExpectedMoney> One(StatementLine line, Func<StatementLine, ExpectedMoney, bool> fits) =>
        expected.Find(one => one.Amount == line.Amount && fits(line, one) && !isRefuted(line, one)) is { } found
            ? [found]
            : [];

    private static bool HasNumber(StatementLine line, ExpectedMoney one) =>
        Tells(line, one.Reference) || Tells(line, one.Number);

    private static bool Tells(StatementLine line, string number) => number.Length >= ReferenceMin
        && (line.Reference.Contains(number, StringComparison.Ordinal)
            || line.Note.Contains(number, StringComparison.Ordinal));

    private bool IsNamed(StatementLine line, ExpectedMoney one) =>
        IsInTime(line, one) && names(line).Contains(one.Group);

    private bool IsBooked(StatementLine line, ExpectedMoney one) => one.IsBooked && MayBe(line, one);

    private bool MayBe(StatementLine line, ExpectedMoney one) => IsInTime(line, one)
        && (one.Group.Length == 0 || names(line) is not { Count: > 0 } named || named.Contains(one.Group));

    private static bool IsInTime(StatementLine line, ExpectedMoney one) =>
        one.Day <= line.Day && line.Day.Date.DayNumber - (one.KnownOn ?? one.Day).Date.DayNumber
            <= (one.IsPartOfSums ? ChannelDaysMax : DaysMax);

    // A movement above a limit, or on a weekend, comes in pieces. Each line speaks for nothing by itself.
    private void Together()
    {
        foreach (var one in expected.Where(one => !one.NeedsWord).ToList())
        {
            var may = lines.Where(line => line.Amount.Currency == one.Amount.Currency
                && line.Amount.IsPositive == one.Amount.IsPositive && MayBe(line, one) && !isRefuted(line, one));
            if (LineSets.OnlyOne([.. may], one.Amount) is not [var first, .. var others])
                continue;
            matches.Add(new(first, [one], "lines", false, others.ToValueList()));
            lines.RemoveAll(line => line == first || others.Contains(line));
            expected.Remove(one);
        }
    }

    // Channels pay days together that banks do not work on. Of two sums that would do, neither is taken.
    private IReadOnlyList<ExpectedMoney> Sum(StatementLine line, Func<StatementLine, ExpectedMoney, bool> fits)
    {
        var found = new List<IReadOnlyList<ExpectedMoney>>();
        foreach (var group in expected.Where(one => one.IsPartOfSums
            && one.Amount.Currency == line.Amount.Currency && fits(line, one)
            && !isRefuted(line, one)).GroupBy(one => one.Group))
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
