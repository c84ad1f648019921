namespace Jifu.Ledger.Reconciliation.Funds;

/// <summary>The rows of one moment as a trail: from which balance to which one, whatever the order between.</summary>
/// <param name="Places">The balances on the way.</param>
internal sealed record MomentTrail(Money Start, Money End, IReadOnlySet<Money> Places)
{
    /// <summary>It ends where it begins, so it may begin at any of its places.</summary>
    public bool IsCircle => Start == End;

    /// <summary>Null when no order of the rows exists in which they follow from each other.</summary>
    public static MomentTrail? Of(IReadOnlyList<BalanceStep> rows)
    {
        var surplus = new Dictionary<Money, int>();
        foreach (var row in rows)
        {
            surplus[row.Before] = surplus.GetValueOrDefault(row.Before) + 1;
            surplus[row.Balance] = surplus.GetValueOrDefault(row.Balance) - 1;
        }

        var uneven = surplus.Where(place => place.Value != 0).ToList();
        var (start, end) = (rows[0].Before, rows[0].Before);
        if (uneven.Count == 2 && uneven.All(place => place.Value is 1 or -1))
            (start, end) = (
                uneven.Single(place => place.Value == 1).Key, uneven.Single(place => place.Value == -1).Key);
        else if (uneven.Count > 0)
            return null;
        return IsOnePiece(rows) ? new(start, end, surplus.Keys.ToHashSet()) : null;
    }

    /// <summary>The first row that does not follow, when rows are taken as long as one follows.</summary>
    public static BalanceBreak FirstMisfit(
        IReadOnlyList<BalanceStep> rows, IEnumerable<Money>? standing, int after)
    {
        var left = rows.ToList();
        var at = standing?.ToList() is [var first, ..] ? first : left[0].Before;
        while (left.Find(row => row.Before == at) is { } follows && left.Count > 1)
        {
            left.Remove(follows);
            (at, after) = (follows.Balance, follows.LineNo);
        }

        return new(left[0].LineNo, after, at + left[0].Amount, left[0].Balance);
    }

    // Every row can be reached from every other over balances that they share.
    private static bool IsOnePiece(IReadOnlyList<BalanceStep> rows)
    {
        var leader = new Dictionary<Money, Money>();
        Money Find(Money place)
        {
            while (leader.TryGetValue(place, out var next) && next != place)
                place = leader[place] = leader.GetValueOrDefault(next, next);
            return place;
        }

        foreach (var row in rows)
        {
            var (before, after) = (Find(row.Before), Find(row.Balance));
            leader[before] = after;
        }

        return rows.Select(row => Find(row.Before)).Distinct().Count() == 1;
    }
}
