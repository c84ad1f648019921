namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>A row of the bill and the line of ours that has its kind and number.</summary>
internal static class Pair
{
    /// <summary>True when there are no <see cref="Differences"/>.</summary>
    public static bool Agree(BillLine row, LedgerLine line) => row.Amount == line.Amount && row.Fee == line.Fee
        && row.Status is null && !HasOtherReference(row, line) && !IsOfOther(row, line);

    public static IEnumerable<Discrepancy> Differences(BillLine row, LedgerLine line)
    {
        if (row.Amount != line.Amount)
            yield return new AmountDiffers(row, line);
        if (row.Fee != line.Fee)
            yield return new FeeDiffers(row, line);
        if (row.Status is { } status)
            yield return new StatusDiffers(row, "status", status, "success", Held: line);
        if (HasOtherReference(row, line))
            yield return new StatusDiffers(
                row, "channel_reference", row.ChannelReference, line.ChannelReference, Held: line);
        if (IsOfOther(row, line))
            yield return new WrongMerchant(
                row, string.Join(' ', line.Numbers!), Money.Zero(row.Amount.Currency));
    }

    // An order export has one number beside each order instead: the comparison of files looks at that.
    private static bool IsOfOther(BillLine row, LedgerLine line) => row.Merchant.Length > 0
        && line.Numbers is { Count: > 0 } numbers && !numbers.Contains(row.Merchant);

    private static bool HasOtherReference(BillLine row, LedgerLine line) =>
        line.ChannelReference.Length > 0 && row.ChannelReference != line.ChannelReference;
}
