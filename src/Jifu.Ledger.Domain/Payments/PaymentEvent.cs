using Jifu.Ledger.Risk;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Payments;

/// <summary>Everything that can happen to a payment.</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record PaymentEvent
{
    private PaymentEvent() { }

    /// <summary>A merchant ordered it (下单).</summary>
    public sealed record Created(PaymentOrder Order, PaymentTerms Terms, DateTimeOffset At) : PaymentEvent;

    /// <summary>Risk judged it; a refusal ends it.</summary>
    public sealed record Judged(RiskDecision Decision) : PaymentEvent;

    /// <summary>We are about to ask the channel: from here on its answer may exist although we do not have
    /// it.</summary>
    public sealed record SentToChannel(Channel Channel, DateTimeOffset At) : PaymentEvent;

    /// <summary>The channel took it and waits for the payer.</summary>
    /// <param name="Credential">What the payer needs: a code's URL, a prepay id.</param>
    public sealed record Accepted(string Credential, DateTimeOffset At) : PaymentEvent;

    /// <summary>The channel's answer was lost or unclear. Neither paid nor failed until a query tells.</summary>
    public sealed record OutcomeUnknown(string Reason, DateTimeOffset At) : PaymentEvent;

    /// <summary>Paid (支付成功). Moves money.</summary>
    /// <param name="PaidAt">When, by the channel's clock.</param>
    /// <param name="Day">The business day on which it counts.</param>
    public sealed record Succeeded(
        MerchantId Merchant, Channel Channel, Money Amount, Money Fee, Money Cost, string ChannelReference,
        DateTimeOffset PaidAt, BusinessDay Day) : PaymentEvent;

    /// <summary>The channel refused it, or the payer did.</summary>
    public sealed record Failed(string Code, string Reason, DateTimeOffset At) : PaymentEvent;

    /// <summary>Closed unpaid (关单).</summary>
    public sealed record Closed(DateTimeOffset At) : PaymentEvent;

    /// <summary>Shares given to receivers (分账). Moves money.</summary>
    /// <param name="Held">What was put aside for it in the merchant's funds; null when nothing was, as for the split
    /// that comes with the payment itself.</param>
    public sealed record SplitMade(
        SplitId Split, MerchantId Merchant, Channel Channel, ValueList<SplitShare> Shares, BusinessDay Day,
        DateTimeOffset At, Money? Held = null) : PaymentEvent;

    /// <summary>A split that money was put aside for will not be made, now or later: its number is spent.</summary>
    public sealed record SplitWithdrawn(SplitId Split, string Reason, DateTimeOffset At) : PaymentEvent;

    /// <summary>A same-day cancellation (撤销) is about to be asked of the channel.</summary>
    /// <param name="Merchant">Whose funds hold for it; null when nothing was put aside.</param>
    /// <param name="No">Which attempt it is, from 0; null when nothing was put aside.</param>
    /// <param name="Held">What was put aside for it in the merchant's funds; null for events of before.</param>
    public sealed record CancelRequested(
        string Reason, DateTimeOffset At, MerchantId? Merchant = null, int? No = null, Money? Held = null)
        : PaymentEvent;

    /// <summary>An attempt to cancel that money was put aside for will not be made, now or later.</summary>
    public sealed record CancelWithdrawn(int No, string Reason, DateTimeOffset At) : PaymentEvent;

    /// <summary>Undone in full on its own day. Moves money.</summary>
    /// <param name="Held">As it was when it was requested.</param>
    public sealed record Cancelled(
        MerchantId Merchant, Channel Channel, Money Amount, Returns Returns, string ChannelReference, BusinessDay Day,
        DateTimeOffset At, Money? Held = null) : PaymentEvent;

    /// <summary>The channel would not cancel; the payment stands, and what was put aside is free again.</summary>
    /// <param name="Merchant">As it was when it was requested.</param>
    /// <param name="Held">As it was when it was requested.</param>
    public sealed record CancelRefused(
        string Code, string Reason, DateTimeOffset At, MerchantId? Merchant = null, Money? Held = null) : PaymentEvent;

    /// <summary>A refund is about to be asked of the channel; its amount is held back from the merchant.
    /// Moves money.</summary>
    /// <param name="Held">What was put aside for it in the merchant's funds: its amount less what it is sure to bring
    /// back. Null when nothing was put aside.</param>
    public sealed record RefundRequested(
        RefundId Refund, MerchantId Merchant, Channel Channel, Money Amount, Returns Returns, string Reason,
        string? NotifyUrl, BusinessDay Day, DateTimeOffset At, Money? Held = null) : PaymentEvent;

    /// <summary>A refund that money was put aside for will not be made, now or later: its number is spent.</summary>
    public sealed record RefundWithdrawn(RefundId Refund, string Reason, DateTimeOffset At) : PaymentEvent;

    /// <summary>The channel's answer to a refund was lost or unclear.</summary>
    public sealed record RefundOutcomeUnknown(RefundId Refund, string Reason, DateTimeOffset At) : PaymentEvent;

    /// <summary>The payer has the money back (退款成功). Moves money.</summary>
    /// <param name="Held">As it was when it was requested.</param>
    /// <param name="RequestedAt">When it was requested: some channels' bills list it on that day. Null for events of
    /// before.</param>
    public sealed record RefundSucceeded(
        RefundId Refund, MerchantId Merchant, Channel Channel, Money Amount, Returns Returns,
        string ChannelRefundReference, DateTimeOffset RefundedAt, BusinessDay Day, Money? Held = null,
        DateTimeOffset? RequestedAt = null) : PaymentEvent;

    /// <summary>The channel refused the refund; the amount is free again. Moves money.</summary>
    /// <param name="Held">As it was when it was requested.</param>
    public sealed record RefundFailed(
        RefundId Refund, MerchantId Merchant, Channel Channel, Money Amount, string Code, string Reason,
        BusinessDay Day, DateTimeOffset At, Money? Held = null) : PaymentEvent;

    /// <summary>The channel said something that cannot be true together with what we know.
    /// Raised; moves nothing.</summary>
    /// <param name="Field">What contradicts: <c>amount</c>, <c>channel_reference</c>, <c>status</c>.</param>
    public sealed record ContradictionSeen(string Field, string Theirs, string Ours, DateTimeOffset At) : PaymentEvent;
}
