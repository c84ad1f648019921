namespace Jifu.Ledger.Operations.Notices;

/// <summary>One thing to tell a merchant: that a payment or a refund has ended. A pure function of the event and the
/// order, so the same event always makes the same notice.</summary>
/// <param name="Id">Unique for ever, and the same in each attempt: what the merchant recognises repeats by.</param>
/// <param name="Body">Exactly the bytes that are signed and sent.</param>
internal sealed record Notice(
    string Id, MerchantId Merchant, string Url, string Type, PaymentId Payment, RefundId? Refund,
    ReadOnlyMemory<byte> Body, long Position, DateTimeOffset CreatedAt);

/// <summary>How far a notice has come.</summary>
public enum NoticeStatus
{
    /// <summary>It has still to be delivered: at once, or again.</summary>
    Waiting,

    /// <summary>The merchant answered with a 2xx.</summary>
    Delivered,

    /// <summary>The merchant answered 410, or never as it should.</summary>
    GivenUp,

    /// <summary>Its address must not be called: see <see cref="AddressGuard"/>.</summary>
    Blocked,
}
