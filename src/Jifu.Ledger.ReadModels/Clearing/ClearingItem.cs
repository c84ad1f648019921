using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>One change of what a merchant is owed. Its net is exactly what the event's posting moves on
/// <c>merchant_pending</c>.</summary>
internal sealed record ClearingItem(
    long Position, MerchantId Merchant, Channel Channel, Currency Currency, BusinessDay Day, string Kind,
    string? Payment)
{
    public int Payments { get; init; }
    public int Refunds { get; init; }
    public long Gross { get; init; }
    public long Refunded { get; init; }
    public long Fees { get; init; }
    public long Splits { get; init; }
    public long Brought { get; init; }

    /// <summary>What an earlier batch carried forward, and no payment's.</summary>
    public bool IsCarried => Kind == "brought_forward";

    public static IEnumerable<ClearingItem> Of(Recorded<object> recorded) =>
        ItemOf(recorded) is { } item ? [item] : [];

    private static ClearingItem? ItemOf(Recorded<object> r) => r.Event switch
    {
        PaymentEvent.Succeeded e => Item(r, e.Merchant, e.Channel, e.Amount.Currency, e.Day, "payment") with
        {
            Payments = 1, Gross = e.Amount.MinorUnits, Fees = e.Fee.MinorUnits,
        },
        PaymentEvent.SplitMade e => Item(r, e.Merchant, e.Channel, e.Shares[0].Amount.Currency, e.Day, "split") with
        {
            Splits = Split.Total(e.Shares, e.Shares[0].Amount.Currency).MinorUnits,
        },
        PaymentEvent.RefundRequested e => Item(r, e.Merchant, e.Channel, e.Amount.Currency, e.Day, "refund_held") with
        {
            Refunds = 1, Refunded = e.Amount.MinorUnits,
        },
        PaymentEvent.RefundFailed e => Item(r, e.Merchant, e.Channel, e.Amount.Currency, e.Day, "refund_released") with
        {
            Refunds = -1, Refunded = -e.Amount.MinorUnits,
        },
        PaymentEvent.RefundSucceeded e => Item(r, e.Merchant, e.Channel, e.Amount.Currency, e.Day, "refund") with
        {
            Fees = -e.Returns.Fee.MinorUnits, Splits = -e.Returns.SharesTotal.MinorUnits,
        },
        PaymentEvent.Cancelled e => Item(r, e.Merchant, e.Channel, e.Amount.Currency, e.Day, "cancel") with
        {
            Refunds = 1,
            Refunded = e.Amount.MinorUnits,
            Fees = -e.Returns.Fee.MinorUnits,
            Splits = -e.Returns.SharesTotal.MinorUnits,
        },
        ClearingEvent.MerchantCleared { Position.CarriedForward: { IsZero: false } carried } e =>
            Item(r, e.Position.Merchant, e.Channel, carried.Currency, e.Day, "brought_forward", ofPayment: false) with
            {
                Brought = carried.MinorUnits,
            },
        _ => null,
    };

    private static ClearingItem Item(
        Recorded<object> r, MerchantId merchant, Channel channel, Currency currency, BusinessDay day, string kind,
        bool ofPayment = true) =>
        new(r.Position, merchant, channel, currency, day, kind, ofPayment ? r.Stream.Id : null);
}
