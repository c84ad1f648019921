namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>Finds the lines that are one amount together.</summary>
internal static class LineSets
{
    private const int MembersMax = 4;

    // All sets of so many are some eleven thousand.
    private const int LinesMax = 24;

    /// <summary>The only set of two to four lines whose sum is the amount, in their order. Empty when there is none, or
    /// another one, or there are too many lines to look at all sets.</summary>
    public static StatementLine[] OnlyOne(IReadOnlyList<StatementLine> lines, Money amount)
    {
        if (lines.Count is < 2 or > LinesMax)
            return [];
        var found = new List<StatementLine[]>();
        Add(lines, 0, [], amount, found);
        return found is [var one] ? one : [];
    }

    private static void Add(
        IReadOnlyList<StatementLine> lines, int from, List<StatementLine> taken, Money left,
        List<StatementLine[]> found)
    {
        if (left.IsZero && taken.Count > 1)
            found.Add([.. taken]);
        for (var next = from; next < lines.Count && taken.Count < MembersMax && found.Count < 2; next++)
        {
            taken.Add(lines[next]);
            Add(lines, next + 1, taken, left - lines[next].Amount, found);
            taken.RemoveAt(taken.Count - 1);
        }
    }
}
