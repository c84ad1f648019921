namespace Jifu.Ledger.Reconciliation;

/// <summary>One line that we expect in a channel's bill: what our books say has happened, by the channel's clock.
/// </summary>
/// <param name="Number">The <see cref="PaymentId"/>, or for a refund the number that we gave the channel.</param>
/// <param name="ChannelReference">The channel's own number: of the refund for a refund, otherwise of the payment; empty
/// when we never learnt it.</param>
/// <param name="Amount">Positive, whichever way the money goes.</param>
/// <param name="Fee">The cost that the channel charges; negative where it gives back.</param>
/// <param name="Merchant">Whose it is; empty when that is not known here.</param>
/// <param name="Order">The payment's number, of a refund too; empty when that is not known here.</param>
/// <param name="OrderReference">The channel's own number of the payment.</param>
/// <param name="Numbers">The merchant's numbers at the channel; null or none when nobody told us, and then not
/// compared.</param>
public sealed record LedgerLine(
    BillLineKind Kind, string Number, string ChannelReference, Money Amount, Money Fee, DateTimeOffset At,
    string Merchant = "", string Order = "", string OrderReference = "", ValueList<string>? Numbers = null)
{
    /// <summary>What both sides know it by: <c>payment:p17</c>.</summary>
    public string Key => LineKey.Of(Kind, Number);

    /// <summary>What the channel owes us for it; negative when we owe.</summary>
    public Money Net => Lines.Net(Kind, Amount, Fee);
}

/// <summary>What lines of either side have in common.</summary>
internal static class Lines
{
    public static Money Net(BillLineKind kind, Money amount, Money fee) =>
        (kind is BillLineKind.Payment ? amount : -amount) - fee;

    // A loop: a query over amounts would have to be compiled in each run that compares two files.
    public static Money NetOf(IReadOnlyList<BillLine> rows, Currency currency)
    {
        var net = Money.Zero(currency);
        for (var at = 0; at < rows.Count; at++)
            net += rows[at].Net;
        return net;
    }

    public static Money Sum(this IEnumerable<Money> amounts, Currency currency) =>
        amounts.Aggregate(Money.Zero(currency), (sum, amount) => sum + amount);
}
