using Jifu.Ledger.ReadModels.Channels;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Our side of a channel's day, out of the read models: what its bill and its money should be.</summary>
public sealed class ExpectedLines(ChannelLineQueries lines, ReconciliationQueries reconciliations)
{
    public async Task<LedgerDay> Of(Channel channel, BusinessDay day, CancellationToken cancellation)
    {
        var ours = await lines.OfDay(channel, day, cancellation);
        var near = new List<LedgerLine>();
        foreach (var other in (await lines.Around(channel, day, LedgerDay.MarginOf(channel), cancellation))
            .GroupBy(line => line.ChannelDay))
        {
            if (await reconciliations.Find(channel, other.Key, cancellation) is null)
                near.AddRange(other.Select(LineOf));
        }

        var open = await reconciliations.OpenCarries(channel, day, cancellation);
        var settled = await reconciliations.SettledCarries(channel, day, cancellation);
        return new(
            day, Currency.CNY, [.. ours.Select(LineOf)], await Carried(channel, open, cancellation), near)
        {
            Settled = await Carried(channel, settled, cancellation),
            Margin = LedgerDay.MarginOf(channel),
        };
    }

    /// <summary>Whether a channel's bill of a day may have anything to do with us: we traded there on that day or
    /// before it, or just after its midnight.</summary>
    /// <remarks>A day without a line of ours has a bill all the same: with what the day before carried, with what only
    /// the channel knows, or with what goes to our bank.</remarks>
    public Task<bool> Any(Channel channel, BusinessDay day, CancellationToken cancellation) =>
        lines.AnyUpTo(channel, day.Next, cancellation);

    private async Task<IReadOnlyList<CarriedLine>> Carried(
        Channel channel, IReadOnlyList<CarryRow> open, CancellationToken cancellation)
    {
        var numbers = open.Select(carry => LineKey.NumberIn(carry.Key));
        var held = (await lines.ByNumbers(channel, [.. numbers], cancellation)).Select(LineOf)
            .ToDictionary(line => line.Key);
        return [.. open.Select(carry => new CarriedLine(Enum.Parse<CarrySide>(carry.Side, true), held[carry.Key]))];
    }

    private static LedgerLine LineOf(ChannelLineRow row) => new(
        Enum.Parse<BillLineKind>(row.Kind, true), row.Number,
        row.Kind == "refund" ? row.ChannelRefundReference ?? "" : row.ChannelReference,
        new(row.AmountMinor, Enum.Parse<Currency>(row.Currency)), new(row.FeeMinor, Enum.Parse<Currency>(row.Currency)),
        row.At, row.MerchantId, row.PaymentId, row.ChannelReference,
        row.Numbers?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToValueList());
}
