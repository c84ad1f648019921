using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The bill's refunds by the payment that they give back, for an export that tells only how much of each order
/// was refunded so far (退款金额), and no refund's number.</summary>
/// <remarks>The export's amount is of all days and of any number of refunds, the bill's rows are of its own day. So our
/// amount is shared out to the bill's refunds of the order, each under its own number. What the bill has beyond it is
/// only at the channel; what we have beyond may stand in another day's bill, and is told, not compared.</remarks>
internal sealed class RefundsByPayment
{
    /// <summary>The status of what was refunded and is not in this bill.</summary>
    public const string Elsewhere = "退款不在本账单";

    private readonly Dictionary<string, List<BillLine>> refunds = new(StringComparer.Ordinal);

    // An order with a row for each of its goods has the amount in each.
    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    public RefundsByPayment(IEnumerable<BillLine> bill)
    {
        foreach (var line in bill.Where(line => line.Kind is BillLineKind.Refund && line.PaymentNumber.Length > 0))
        {
            if (!refunds.TryGetValue(line.PaymentNumber, out var its))
                refunds.Add(line.PaymentNumber, its = []);
            its.Add(line);
        }
    }

    /// <summary>What the bill has of an order's refunds; zero when it has none.</summary>
    public long MinorOf(string payment) =>
        refunds.TryGetValue(payment, out var its) ? its.Sum(refund => refund.Amount.MinorUnits) : 0;

    /// <summary>The refunds of an order, as rows of ours.</summary>
    /// <param name="minor">How much of it was refunded in total.</param>
    public IEnumerable<OrderLine> Of(OrderLine order, long minor)
    {
        if (minor == 0 || order is not { Kind: BillLineKind.Payment, Number.Length: > 0 } || !told.Add(order.Number))
            yield break;
        // One that is all that the bill has beyond ours is the one that we do not know.
        var (its, beyond) = (refunds.GetValueOrDefault(order.Number, []), MinorOf(order.Number) - minor);
        var unknown = its.Find(refund => refund.Amount.MinorUnits == beyond);
        var left = minor;
        foreach (var refund in its.Where(refund => refund != unknown))
        {
            var ours = Math.Min(left, refund.Amount.MinorUnits);
            left -= ours;
            if (ours > 0)
                yield return Refund(order, refund.Number, ours, null);
        }

        if (left > 0)
            yield return Refund(order, order.Number, left, Elsewhere);
    }

    private static OrderLine Refund(OrderLine order, string number, long minor, string? status) => new(
        BillLineKind.Refund, number, "", new(minor, order.Amount.Currency), null, status, null, order.Merchant,
        order.LineNo);
}
