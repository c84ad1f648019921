namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>A row of the bill and the line of ours that has its kind and number.</summary>
internal static class Pair
{
    public static IEnumerable<Discrepancy> Differences(BillLine row, LedgerLine line)
    {
        if (row.Amount != line.Amount)
            yield return new AmountDiffers(row, line);
        if (row.Fee != line.Fee)
            yield return new FeeDiffers(row, line);
        if (row.Status is { } status)
            yield return new StatusDiffers(row, "status", status, "success", Held: line);
        if (line.ChannelReference.Length > 0 && row.ChannelReference != line.ChannelReference)
            yield return new StatusDiffers(
                row, "channel_reference", row.ChannelReference, line.ChannelReference, Held: line);
    }
}
