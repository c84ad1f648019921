using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>A line of ours that was booked after the bill of its day had been compared.</summary>
/// <param name="Difference">The one that it meets: a line is booked once, so it ends one.</param>
public sealed record LateLine(DifferenceId Difference, Money Net);

/// <summary>A refund to a payer that was approved, and awaits its row in a bill.</summary>
/// <param name="Owed">What is still to come of it.</param>
public sealed record AwaitedRefund(DifferenceId Difference, string Number, Money Owed);

/// <summary>The other side of an open difference, arrived.</summary>
/// <param name="With">What it is: <c>difference d0a1…</c>, <c>payment:p17</c>.</param>
/// <param name="Shares">What it frees from suspense.</param>
/// <param name="Other">The other side, when that is a difference too: both are met, or neither is.</param>
public sealed record Arrival(
    OpenDifference Difference, string With, ValueList<SuspenseShare> Shares, Arrival? Other = null);

/// <summary>Finds the open differences whose other side has arrived since. Pure.</summary>
/// <remarks>Where the two sides are not of the same net, the smaller one frees its own, and the rest stays open.
/// </remarks>
public static class Arrivals
{
    /// <param name="open">All open differences of one channel, the oldest first.</param>
    /// <param name="lines">What we booked late: a payment that succeeded after its day's bill was compared.</param>
    /// <param name="refunds">What was given back to payers and no bill has shown yet.</param>
    public static IReadOnlyList<Arrival> Of(
        IReadOnlyList<OpenDifference> open, IReadOnlyList<LateLine> lines, IReadOnlyList<AwaitedRefund> refunds)
    {
        ArgumentNullException.ThrowIfNull(open);
        var late = lines.ToDictionary(line => line.Difference, line => line.Net);
        var awaited = refunds.ToDictionary(refund => LineKey.Of(BillLineKind.Refund, refund.Number));
        var arrived = new List<Arrival>();
        foreach (var same in open.Where(difference => difference.Finding.Field == "line")
            .GroupBy(difference => difference.Finding.Key))
        {
            var ours = same.FirstOrDefault(difference => difference.Finding.Class == "only_with_us");
            var theirs = same.FirstOrDefault(difference => difference.Finding.Class == "only_at_channel");
            if (ours is not null && theirs is not null)
                arrived.AddRange(Pair(ours, theirs));
            else if (theirs is not null && awaited.TryGetValue(same.Key, out var refund))
                arrived.Add(Refunded(theirs, refund));
            else if (same.FirstOrDefault(difference => late.ContainsKey(difference.Id)) is { } missed)
                arrived.Add(new(
                    missed, same.Key, Shares(Account.Receivable(missed.Finding.Channel), late[missed.Id])));
        }

        return arrived;
    }

    private static IEnumerable<Arrival> Pair(OpenDifference ours, OpenDifference theirs)
    {
        var freed = Levelled(theirs.Left, ours.Left);
        if (freed.IsZero && !(ours.Left.IsZero && theirs.Left.IsZero))
            yield break;
        var receivable = Account.Receivable(ours.Finding.Channel);
        yield return new(
            ours, $"difference {theirs.Id}", Shares(receivable, -freed),
            new(theirs, $"difference {ours.Id}", Shares(receivable, freed)));
    }

    private static Arrival Refunded(OpenDifference row, AwaitedRefund refund) => new(
        row, $"refund {refund.Number} of difference {refund.Difference}",
        Shares(Account.PayerRefund(row.Finding.Channel), Levelled(row.Left, refund.Owed)));

    // What of the one the other makes up for, with the sign of the one: of a payment theirs is too much and ours too
    // little, of a refund it is the other way round. Nothing when both have one sign.
    private static Money Levelled(Money one, Money other) => one with
    {
        MinorUnits = Math.Sign(one.MinorUnits) * Math.Sign(other.MinorUnits) < 0
            ? Math.Sign(one.MinorUnits) * Math.Min(Math.Abs(one.MinorUnits), Math.Abs(other.MinorUnits))
            : 0,
    };

    private static ValueList<SuspenseShare> Shares(Account to, Money amount) =>
        amount.IsZero ? [] : [new(to, amount)];
}
