using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Channels;

/// <summary>Keeps <c>channel_line</c>: what each channel's bill of a day should hold, by the channel's own
/// clock.</summary>
public sealed class ChannelLineProjection : IProjection
{
    public string Name => "channel_lines";

    public IReadOnlyList<string> Tables => ["channel_line"];

    public IReadOnlyList<string> SearchedBy => [];

    public IReadOnlyList<Type> LooksAt =>
        [
            typeof(PaymentEvent.Succeeded), typeof(PaymentEvent.Cancelled), typeof(PaymentEvent.RefundSucceeded),
        ];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var lines = page.Select(LineOf).OfType<Line>().ToList();

        // In the order of their key, so that neighbours go to the same leaf of its index.
        lines.Sort((a, b) => string.CompareOrdinal(a.Number, b.Number));
        return lines.Count == 0 ? [] : [Insert(lines)];
    }

    private static Line? LineOf(Recorded<object> r) => r.Event switch
    {
        PaymentEvent.Succeeded e => new(
            r, e.Channel, "payment", r.Stream.Id, e.Merchant, e.ChannelReference, null, e.Amount, e.Cost, e.PaidAt,
            e.Day),
        PaymentEvent.Cancelled e => new(
            r, e.Channel, "revoke", r.Stream.Id, e.Merchant, e.ChannelReference, null, e.Amount, -e.Returns.Cost, e.At,
            e.Day),
        PaymentEvent.RefundSucceeded e => new(
            r, e.Channel, "refund", $"{r.Stream.Id}.{e.Refund}", e.Merchant, "", e.ChannelRefundReference, e.Amount,
            -e.Returns.Cost, LedgerDay.TimeOfRefund(e.Channel, e.RequestedAt, e.RefundedAt), e.Day),
        _ => null,
    };

    private static Statement Insert(List<Line> lines) => Statement.Insert(
        "channel_line", lines.Count,
        Column.Of("channel", lines, l => l.Channel.Name()),
        Column.Of("kind", lines, l => l.Kind),
        Column.Of("number", lines, l => l.Number),
        Column.Of("payment_id", lines, l => l.Recorded.Stream.Id),
        Column.Of("merchant_id", lines, l => l.Merchant.Value),
        Column.Of("channel_reference", lines, l => l.Reference),
        Column.Of("channel_refund_reference", lines, l => l.RefundReference),
        Column.Of("currency", lines, l => Column.Name(l.Amount.Currency)),
        Column.Of("amount_minor", lines, l => l.Amount.MinorUnits),
        Column.Of("fee_minor", lines, l => l.Fee.MinorUnits),
        Column.Of("at", lines, l => l.At.ToUniversalTime()),
        Column.Of("channel_day", lines, l => BusinessDay.Of(l.At).Date),
        Column.Of("business_day", lines, l => l.Day.Date),
        Column.Of("position", lines, l => l.Recorded.Position));

    private sealed record Line(
        Recorded<object> Recorded, Channel Channel, string Kind, string Number, MerchantId Merchant, string Reference,
        string? RefundReference, Money Amount, Money Fee, DateTimeOffset At, BusinessDay Day);
}
