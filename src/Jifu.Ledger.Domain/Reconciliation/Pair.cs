namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>A row of the bill and the line of ours that has its kind and number.</summary>
internal static class Pair
{
    /// <summary>True when there are no <see cref="Differences"/>.</summary>
    public static bool Agree(BillLine row, LedgerLine line) => row.Amount == line.Amount && row.Fee == line.Fee
        && row.Status is null && !HasOtherReference(row, line);

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
    }

    private static bool HasOtherReference(BillLine row, LedgerLine line) =>
        line.ChannelReference.Length > 0 && row.ChannelReference != line.ChannelReference;
}
