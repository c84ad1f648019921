namespace Jifu.Ledger.Reconciliation;

/// <summary>What the lines of a difference say besides their key, so that rules can ask for it. Empty is what nobody
/// says.</summary>
/// <param name="Merchant">Our merchant, where we have the line; otherwise the merchant number that the bill
/// states.</param>
/// <param name="Reference">The channel's own number: of the refund for a refund, otherwise of the payment.</param>
/// <param name="Order">Our number of the payment; of a refund, that of the payment that it gives back.</param>
/// <param name="OrderReference">The channel's own number of that payment.</param>
public sealed record LineFacts(
    string Merchant = "", string Reference = "", string Order = "", string OrderReference = "")
{
    internal static LineFacts Of(LedgerLine line) =>
        new(line.Merchant, line.ChannelReference, line.Order, line.OrderReference);

    /// <summary>What ours says, and what only theirs says.</summary>
    internal static LineFacts Of(BillLine theirs, LedgerLine? ours = null)
    {
        var (order, reference) = theirs.Kind is BillLineKind.Payment or BillLineKind.Revoke
            ? (theirs.Number, theirs.ChannelReference)
            : (theirs.PaymentNumber, theirs.PaymentReference);
        return ours is null
            ? new(theirs.Merchant, theirs.ChannelReference, order, reference)
            : new(
                First(ours.Merchant, theirs.Merchant), First(ours.ChannelReference, theirs.ChannelReference),
                First(ours.Order, order), First(ours.OrderReference, reference));
    }

    private static string First(string one, string other) => one.Length > 0 ? one : other;
}
