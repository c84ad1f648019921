namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>A row of the bill and the line of an order export that has its kind and number.</summary>
internal static class OrderPair
{
    /// <summary>True when there are no <see cref="Differences"/>.</summary>
    public static bool Agree(BillLine row, OrderLine line) =>
        Pair.Agree(row, Named(row, line.Held(row.Fee))) && !IsOfOther(row, line);

    /// <param name="held">The line as the comparison holds it.</param>
    public static IEnumerable<Discrepancy> Differences(BillLine row, OrderLine line, LedgerLine held)
    {
        var differences = Pair.Differences(row, Named(row, held));
        return IsOfOther(row, line)
            ? differences.Append(new WrongMerchant(row, line.Merchant, Money.Zero(row.Amount.Currency)))
            : differences;
    }

    // Many exports have the channel's number of the payment beside its refunds, too.
    private static LedgerLine Named(BillLine row, LedgerLine held) =>
        row.Kind is BillLineKind.Refund && held.ChannelReference.Length > 0
            && held.ChannelReference == row.PaymentReference
            ? held with { ChannelReference = row.ChannelReference }
            : held;

    private static bool IsOfOther(BillLine row, OrderLine line) =>
        line.Merchant.Length > 0 && row.Merchant.Length > 0 && row.Merchant != line.Merchant;
}
