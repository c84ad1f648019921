using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Reconciliation.Statements;

using static StatementEvent;

/// <summary>Two statements of an account of which the later does not begin where the earlier ends: lines between them
/// are missing, or one of them is not right.</summary>
/// <param name="After">The day of the last line before the gap.</param>
/// <param name="Closing">What the account held after it.</param>
/// <param name="Before">The day of the first line behind the gap.</param>
/// <param name="Opening">What the account held before that.</param>
public sealed record StatementGap(BusinessDay After, Money Closing, BusinessDay Before, Money Opening)
{
    // Lines that come back to the same balance may begin anywhere: those around them say where.
    private const int MomentsMax = 40;

    /// <summary>The gaps at which a statement of some days begins, ends, or meets another one. Where a statement breaks
    /// within itself, its own <see cref="Imported.Break"/> says so.</summary>
    /// <remarks>Statements come in any order, so a gap may be closed by the next one. Nothing is told where balances
    /// are missing, or where lines of one moment leave open which came last.</remarks>
    public static IEnumerable<StatementGap> Of(AccountStatements account, BusinessDay from, BusinessDay to)
    {
        ArgumentNullException.ThrowIfNull(account);
        var moments = account.Lines.Values.Where(line => !account.IsLeft(line)).GroupBy(line => line.BookedAt)
            .OrderBy(lines => lines.Key).Select(lines => lines.ToList()).ToList();
        for (var at = 1; at < moments.Count && BusinessDay.Of(moments[at - 1][0].BookedAt) <= to; at++)
        {
            if (BusinessDay.Of(moments[at][0].BookedAt) >= from
                && moments[at].Concat(moments[at - 1]).DistinctBy(line => line.Sha256).Skip(1).Any()
                && Between(moments, at) is { } gap)
                yield return gap;
        }
    }

    private static StatementGap? Between(List<List<LineRead>> moments, int at)
    {
        var closing = Told(count => moments[Math.Max(0, at - count)..at], chain => chain.Closing);
        if (closing is not { } ended || StepsOf(moments[at..(at + 1)]) is not { } steps
            || BalanceChain.Of(steps, ended).Break is not { } found)
            return null;
        var opening = Told(count => moments[at..Math.Min(moments.Count, at + count)], chain => chain.Opening);
        return new(
            DayOf(moments[at - 1]), ended, DayOf(moments[at]), opening ?? ended + (found.Found - found.Expected));
    }

    // As many moments as it takes to be certain, and no more: further away there may be other gaps.
    private static Money? Told(Func<int, List<List<LineRead>>> near, Func<BalanceChain, Money?> side)
    {
        for (var count = 1; count <= MomentsMax; count++)
        {
            if (StepsOf(near(count)) is not { } steps)
                return null;
            var chain = BalanceChain.Of(steps, null);
            if (side(chain) is { } known)
                return known;
            if (chain.Break is not null)
                return null;
        }

        return null;
    }

    private static List<BalanceStep>? StepsOf(List<List<LineRead>> moments)
    {
        var lines = moments.SelectMany(lines => lines).ToList();
        return lines.Exists(line => line.Balance is null)
            ? null
            : lines.ConvertAll(line => new BalanceStep(line.BookedAt, line.Amount, line.Balance!.Value, line.LineNo));
    }

    private static BusinessDay DayOf(List<LineRead> moment) => BusinessDay.Of(moment[0].BookedAt);
}
