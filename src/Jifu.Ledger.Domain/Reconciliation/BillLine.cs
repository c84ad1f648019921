namespace Jifu.Ledger.Reconciliation;

/// <summary>What a line is about: 收款, 退款, 撤销.</summary>
public enum BillLineKind
{
    None = 0,
    Payment = 1,
    Refund = 2,
    Revoke = 3,
}

/// <summary>Names kinds of lines.</summary>
public static class BillLineKinds
{
    /// <summary>As keys, files and the API have it: <c>payment</c>.</summary>
    public static string Name(this BillLineKind kind) => kind switch
    {
        BillLineKind.Payment => "payment",
        BillLineKind.Refund => "refund",
        BillLineKind.Revoke => "revoke",
        _ => SnakeCase.Of(kind.ToString()),
    };
}

/// <summary>One line of a channel's bill, whichever channel: what it says has happened.</summary>
/// <param name="Number">Our number for it: the <see cref="PaymentId"/>, or for a refund the number that we gave the
/// channel.</param>
/// <param name="ChannelReference">The channel's own number: of the refund for a refund, otherwise of the payment.
/// </param>
/// <param name="Amount">Positive, whichever way the money goes.</param>
/// <param name="Fee">What the channel charges; negative where it gives back.</param>
/// <param name="Status">Null when the channel has settled it; otherwise what it says instead.</param>
/// <param name="LineNo">Where it stands in the file, from 1.</param>
/// <param name="Merchant">The merchant number at the channel; the sub-merchant's, if there is one. Empty when the bill
/// does not say.</param>
/// <param name="PaymentNumber">Of a refund: our number of the payment. Empty when the bill does not say.</param>
/// <param name="PaymentReference">Of a refund: the channel's own number of the payment. Empty when the bill does not
/// say.</param>
/// <param name="Ordered">Of a payment what was ordered, of a refund what was asked back, where the channel settles less
/// because of the merchant's own coupons; otherwise null.</param>
/// <param name="Paid">What the channel pays for it with the day, where that is not <see cref="Net"/>: its fee is
/// settled apart; otherwise null.</param>
/// <param name="Given">What of it the channel gives to somebody else (分账), negative where it takes that back; null for
/// nothing. It is in <see cref="Net"/>, and never comes to us.</param>
public sealed record BillLine(
    BillLineKind Kind, string Number, string ChannelReference, Money Amount, Money Fee, string? Status,
    DateTimeOffset At, int LineNo, string Merchant = "", string PaymentNumber = "", string PaymentReference = "",
    Money? Ordered = null, Money? Paid = null, Money? Given = null)
{
    /// <summary>What both sides know it by: <c>payment:p17</c>.</summary>
    public string Key => LineKey.Of(Kind, Number);

    /// <summary>Of a refund: the payment that it gives back, as far as the bill says. Some channels know a refund's
    /// number within its payment only.</summary>
    internal string Payment =>
        Kind is not BillLineKind.Refund ? "" : PaymentReference.Length > 0 ? PaymentReference : PaymentNumber;

    /// <summary>What the channel owes us for it; negative when we owe.</summary>
    public Money Net => Lines.Net(Kind, Amount, Fee);
}
