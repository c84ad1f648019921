using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Reconciliation;

using static FundFlowCheck;
using static ReconciliationEvent;

/// <summary>What a comparison has to tell about a day that has been told something before.</summary>
public static class ComparisonNews
{
    // So many take a quarter of what one event may.
    private const int AwaitedMax = 1_000;

    /// <summary>The events that bring the day to what the comparison says: first what it takes back, then what is new,
    /// then that it is complete. What stands already is not told again, and keeps its age.</summary>
    public static IEnumerable<ReconciliationEvent> Against(
        this Comparison comparison, ReconciledDay told, Channel channel, BusinessDay day, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(told);
        var on = told.Bill?.BookedOn;
        var found = comparison.Discrepancies
            .Select(one => new DifferenceFound(
                channel, day, one.Class, one.Key, one.Field, one.Theirs, one.Ours, one.Excess, on, one.Facts,
                one.OurAmount, one.Ordered))
            .ToDictionary(one => (one.Class, one.Key, one.Field));
        var carried = comparison.Carried
            .Select(one => new Carried(channel, day, one.Key, one.Amount, one.Side, on))
            .ToDictionary(one => one.Key);

        // What the fund flow tells is not the trade bill's to take back.
        foreach (var (name, old) in Gone(told.Differences, found, Same).Where(one => !IsMoney(one.Key.Class)))
            yield return new DifferenceTakenBack(channel, day, name.Class, name.Key, name.Field, old.Excess, on);
        foreach (var (key, _) in Gone(told.Carries, carried, Same))
            yield return new CarriedTakenBack(channel, day, key, on);
        foreach (var (_, one) in Gone(found, told.Differences, Same))
            yield return one;
        foreach (var (_, one) in Gone(carried, told.Carries, Same))
            yield return one;

        // A lost line is a difference now; left open, it would be one again every day.
        foreach (var met in comparison.CarriedMet.Concat(comparison.CarriedLost))
        {
            if (!told.Met.Contains(met.Line.Key))
                yield return new CarriedMet(channel, day, met.Line.Key);
        }

        yield return new Completed(
            channel, day, comparison.Matched, comparison.Discrepancies.Count, comparison.Carried.Count,
            comparison.CarriedMet.Count, comparison.TheirNet, comparison.OurNet, at, on,
            comparison.TheirPaid == comparison.TheirNet ? null : comparison.TheirPaid);
    }

    /// <summary>The same for a fund flow that was held against the day's trade bill.</summary>
    public static IEnumerable<ReconciliationEvent> Against(
        this FundFlowCheck check, ReconciledDay told, Channel channel, BusinessDay day, BusinessDay? on,
        DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(told);
        var found = check.Gaps.GroupBy(gap => (gap.Class, gap.Key))
            .Select(same => same.Aggregate((one, other) => one with { Excess = one.Excess + other.Excess }))
            .Select(gap => new DifferenceFound(
                channel, day, gap.Class, gap.Key, "funds", gap.Theirs, gap.Ours, gap.Excess, on,
                gap.Facts, gap.OurAmount))
            .ToDictionary(one => (one.Class, one.Key, one.Field));
        foreach (var (name, old) in Gone(told.Differences, found, Same).Where(one => IsMoney(one.Key.Class)))
            yield return new DifferenceTakenBack(channel, day, name.Class, name.Key, name.Field, old.Excess, on);
        foreach (var (_, one) in Gone(found, told.Differences, Same))
            yield return one;
        var lots = check.Awaited.Chunk(AwaitedMax).ToList();
        foreach (var (n, lot) in lots.SkipLast(1).Index())
            yield return new FundsAwaited(channel, day, n * AwaitedMax, lot.ToValueList());
        yield return new FundFlowChecked(
            channel, day, check.Matched, check.Gaps.Count, check.Withdrawn, check.Accounts.ToValueList(),
            lots.LastOrDefault([]).ToValueList(), told.Bill!.Sha256, told.FundFlowSha256!, at,
            lots.Count > 1 ? (lots.Count - 1) * AwaitedMax : null,
            check.Withdrawals.Count > 0 ? check.Withdrawals.ToValueList() : null);
    }

    /// <summary>False when a check of the same files that was told before says the same.</summary>
    /// <param name="news">What it has to tell.</param>
    public static bool Changes(
        this FundFlowCheck check, FundFlowChecked told, IEnumerable<ReconciliationEvent> news)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(told);
        return news.Any(one => one is DifferenceFound or DifferenceTakenBack) || told.Matched != check.Matched
            || !told.Awaited.SequenceEqual(check.Awaited) || !told.Accounts.SequenceEqual(check.Accounts)
            || !(told.Withdrawals ?? []).SequenceEqual(check.Withdrawals);
    }

    // What one side has and the other has not, or has otherwise.
    private static IEnumerable<KeyValuePair<TKey, T>> Gone<TKey, T>(
        IReadOnlyDictionary<TKey, T> from, IReadOnlyDictionary<TKey, T> to, Func<T, T, bool> same) =>
        from.Where(one => !to.TryGetValue(one.Key, out var there) || !same(one.Value, there));

    // What the lines say besides, and the amount apart from its text, were not noted at first: that alone tells nothing
    // new.
    private static bool Same(DifferenceFound one, DifferenceFound other) =>
        one with { BookedOn = null, Line = null, OurAmount = null, Ordered = null }
            == other with { BookedOn = null, Line = null, OurAmount = null, Ordered = null }
        && (one.Line is null || other.Line is null || one.Line == other.Line);

    private static bool Same(Carried one, Carried other) =>
        one with { BookedOn = null } == other with { BookedOn = null };
}
