using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>Finds refunds that a bill had and that came to nothing afterwards (退款关闭): the fund flow of that day or a
/// later one brings their money back under the refund's own number. Pure.</summary>
/// <remarks>What comes back and is not as much, as when the channel charges its fee again, levels what it can, and the
/// rest stays open.</remarks>
public static class ReturnedRefunds
{
    /// <param name="open">Open differences of one channel. Without the refunds that may still succeed: nobody knows yet
    /// that they are undone.</param>
    public static IReadOnlyList<Arrival> Of(IReadOnlyList<OpenDifference> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        var flows = open.Where(one => FundFlowCheck.IsMoney(one.Finding.Class) && !one.Left.IsZero).ToList();
        var found = new List<Arrival>();
        foreach (var refund in flows.Count == 0 ? [] : open.Where(IsRefund))
        {
            var back = flows.Where(flow => IsOf(flow.Finding, refund.Finding)).ToList();
            if (back.Any(flow => flow.Left.IsPositive))
                found.AddRange(Levelled(refund, back));
            flows.RemoveAll(back.Contains);
        }

        return found;
    }

    private static bool IsRefund(OpenDifference one) => one.Finding is { Class: "only_at_channel", Field: "line" }
        && LineKey.KindIn(one.Finding.Key) == "refund" && one.Left.MinorUnits < 0;

    private static bool IsOf(Finding flow, Finding refund)
    {
        var number = LineKey.NumberIn(refund.Key);
        return flow.Day >= refund.Day && (flow.Key == refund.Key
            || (flow.Line is { } said && new[] { said.Reference, said.Order }.Any(
                name => name.Length > 0 && (name == number || name == refund.Line?.Reference)))
            || (flow.Class == "funds_differ" && refund.Line is { } line && IsOfPayment(flow, line)));
    }

    // Some channels name what comes back by the payment, which may have another refund on that day: the two are one sum
    // of money. Where nothing moved nothing came back: that is the other refund's own. Sums that were found before
    // their numbers were noted are known by the number of the other refund.
    private static bool IsOfPayment(Finding flow, LineFacts refund) =>
        (refund.Order.Length > 0 && (flow.Key == LineKey.Of(BillLineKind.Payment, refund.Order)
            || flow.Key.StartsWith(
                $"{LineKey.Of(BillLineKind.Refund, refund.Order)}.", StringComparison.Ordinal)
            || flow.Line?.Order == refund.Order))
        || (refund.OrderReference.Length > 0 && flow.Line?.OrderReference == refund.OrderReference);

    // The refund first, then what was taken besides, each by what came back, in order.
    private static IEnumerable<Arrival> Levelled(OpenDifference refund, List<OpenDifference> flows)
    {
        var back = new Stack<OpenDifference>(flows.Where(flow => flow.Left.IsPositive).Reverse());
        foreach (var less in flows.Where(flow => !flow.Left.IsPositive).Prepend(refund))
        {
            var owed = -less.Left;
            while (owed.IsPositive && back.TryPop(out var flow))
            {
                var freed = owed > flow.Left ? flow.Left : owed;
                yield return Pair(less, flow, freed);
                owed -= freed;
                if (flow.Left > freed)
                    back.Push(flow with { Left = flow.Left - freed });
            }
        }
    }

    private static Arrival Pair(OpenDifference refund, OpenDifference flow, Money freed)
    {
        var receivable = Account.Receivable(refund.Finding.Channel);
        return new(
            refund, $"difference {flow.Id}", [new(receivable, -freed)],
            new(flow, $"difference {refund.Id}", [new(receivable, freed)]));
    }
}
