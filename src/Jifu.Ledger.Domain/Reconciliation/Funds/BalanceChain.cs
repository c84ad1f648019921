using System.Globalization;

namespace Jifu.Ledger.Reconciliation.Funds;

/// <summary>One movement of an account as a file shows it: what moved, and what the account held after it.</summary>
/// <param name="At">Movements of the same moment may stand in any order.</param>
/// <param name="LineNo">Where it stands in the file, from 1.</param>
public sealed record BalanceStep(DateTimeOffset At, Money Amount, Money Balance, int LineNo)
{
    /// <summary>What the account held before it.</summary>
    public Money Before => Balance - Amount;
}

/// <summary>Where an account's balances stop following from each other.</summary>
/// <param name="LineNo">The first row that does not follow; of rows of one moment, the first for which no order
/// is left.</param>
/// <param name="AfterLineNo">The row before it; 0 when what it should follow is the day before.</param>
/// <param name="Expected">What its balance should be.</param>
/// <param name="Found">What it says.</param>
public sealed record BalanceBreak(int LineNo, int AfterLineNo, Money Expected, Money Found)
{
    /// <summary>In words, for people.</summary>
    public string Words => string.Create(
        CultureInfo.InvariantCulture,
        $"line {LineNo} after {(AfterLineNo == 0 ? "the day before" : $"line {AfterLineNo}")}: ")
        + $"the balance should be {Expected}, and is {Found}";
}

/// <summary>Checks that balances follow from each other (余额连续性): each is the one before and the amount.</summary>
/// <remarks>
/// Rows of one moment stand in a file in any order. Each is an edge from the balance before to the balance after, so an
/// order in which they follow from each other is a trail through all edges (Euler): it begins where one edge more
/// leaves than arrives, or, when it comes back to where it began, anywhere on it. So all orders are looked at in one
/// pass, however many rows there are.
/// </remarks>
/// <param name="Break">Null when all rows follow.</param>
/// <param name="Opening">What the account held before the first row, as far as it is known for certain.</param>
/// <param name="Closing">What it held after the last row before the break, likewise.</param>
public sealed record BalanceChain(BalanceBreak? Break, Money? Opening, Money? Closing)
{
    /// <summary>Each account's balances by themselves: those of one do not follow from those of another.</summary>
    /// <param name="openings">What an account held before; of one that is not there nobody knows.</param>
    /// <returns>By the accounts' names.</returns>
    public static IReadOnlyList<(string Account, IReadOnlyList<FundFlowLine> Rows, BalanceChain Chain)> OfEach(
        IEnumerable<FundFlowLine> flow, IReadOnlyDictionary<string, Money>? openings = null) =>
        [.. flow.GroupBy(row => row.Account).OrderBy(account => account.Key, StringComparer.Ordinal).Select(
            account => (account.Key, (IReadOnlyList<FundFlowLine>)[.. account], Of(
                account.Where(row => row.Balance is not null)
                    .Select(row => new BalanceStep(row.At, row.Amount, row.Balance!.Value, row.LineNo)),
                openings?.TryGetValue(account.Key, out var opening) is true ? opening : null)))];

    /// <param name="steps">In any order.</param>
    /// <param name="opening">What the account held before; null when nobody knows.</param>
    public static BalanceChain Of(IEnumerable<BalanceStep> steps, Money? opening)
    {
        // Where the account may stand now, and where it began for that. Null: anywhere.
        Dictionary<Money, Money>? beganAt = opening is { } known ? new() { [known] = known } : null;
        var after = 0;
        foreach (var moment in steps.GroupBy(step => step.At).OrderBy(group => group.Key))
        {
            var group = moment.OrderBy(step => step.LineNo).ToList();
            var next = Ends(MomentTrail.Of(group), beganAt);
            if (next is null || next.Count == 0)
                return new(MomentTrail.FirstMisfit(group, beganAt?.Keys, after), Only(beganAt?.Values), null);
            beganAt = next;
            after = group[^1].LineNo;
        }

        return new(null, Only(beganAt?.Values), Only(beganAt?.Keys));
    }

    private static Dictionary<Money, Money>? Ends(MomentTrail? trail, Dictionary<Money, Money>? beganAt)
    {
        if (trail is null)
            return null;
        if (!trail.IsCircle)
            return beganAt is null
                ? new() { [trail.End] = trail.Start }
                : beganAt.TryGetValue(trail.Start, out var began) ? new() { [trail.End] = began } : [];
        return beganAt is null
            ? trail.Places.ToDictionary(place => place)
            : beganAt.Where(place => trail.Places.Contains(place.Key)).ToDictionary();
    }

    private static Money? Only(IEnumerable<Money>? amounts) =>
        amounts?.Distinct().Take(2).ToList() is [var one] ? one : null;
}
