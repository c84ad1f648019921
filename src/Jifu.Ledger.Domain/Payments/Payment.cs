using System.Collections.Immutable;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Payments;

/// <summary>One customer payment, from the merchant's order to its last refund.
/// Rules: <see cref="PaymentRules"/>.</summary>
public abstract record Payment
{
    private Payment() { }

    public static readonly Payment Initial = new NotStarted();

    /// <summary>The split that a payment's own terms make when it is paid.</summary>
    public static readonly SplitId SplitByTerms = new("terms");

    /// <summary>What was ordered; null before it was.</summary>
    public PaymentOrder? Order => (this as Made)?.Asked;

    public sealed record NotStarted : Payment;

    /// <summary>A payment that exists, whatever became of it.</summary>
    /// <param name="Contradictions">What the channel said against our books, so that a repeat is not news.</param>
    public abstract record Made(PaymentOrder Asked, PaymentTerms Terms, ImmutableHashSet<string> Contradictions)
        : Payment;

    /// <summary>Ordered, not yet judged or sent: seen only between the events of one append.</summary>
    public sealed record Drafted(PaymentOrder Asked, PaymentTerms Terms)
        : Made(Asked, Terms, ImmutableHashSet<string>.Empty);

    /// <summary>Stopped by risk before it went out.</summary>
    public sealed record Refused(Drafted Was, string Rule) : Made(Was.Asked, Was.Terms, Was.Contradictions);

    /// <summary>With the channel: waiting for the payer, or for us to learn what happened.</summary>
    public sealed record Pending(
        PaymentOrder Asked, PaymentTerms Terms, ImmutableHashSet<string> Contradictions, string? Credential,
        string? UnknownBecause) : Made(Asked, Terms, Contradictions)
    {
        /// <summary>True when the channel has told us itself that this other amount was paid.</summary>
        /// <param name="amount">For people, as the bill says it: <c>CNY 4.00</c>.</param>
        public bool IsContradictedBy(string amount) => amount != $"{Asked.Amount}"
            && Contradictions.Contains(PaymentHistory.KeyOf("amount", amount));
    }

    public sealed record Failed(Pending Was, ImmutableHashSet<string> Contradictions, string Code, string Reason)
        : Made(Was.Asked, Was.Terms, Contradictions);

    public sealed record Closed(Pending Was, ImmutableHashSet<string> Contradictions)
        : Made(Was.Asked, Was.Terms, Contradictions);

    /// <summary>Paid, and perhaps refunded in part or in full.</summary>
    public sealed record Paid(
        PaymentOrder Asked, PaymentTerms Terms, ImmutableHashSet<string> Contradictions, string ChannelReference,
        DateTimeOffset PaidAt, BusinessDay Day, bool Cancelling,
        ImmutableSortedDictionary<string, Refund> Refunds, ImmutableSortedDictionary<string, PaidSplit> Splits)
        : Made(Asked, Terms, Contradictions)
    {
        /// <summary>Refunds, splits and cancellations that will never be, by <see cref="NameOf(RefundId)"/>.</summary>
        public ImmutableHashSet<string> Withdrawn { get; init; } = [];

        /// <summary>The attempt to cancel that is under way, or the next one; from 0.</summary>
        public int CancelNo { get; init; }

        /// <summary>What is put aside for the cancellation that is under way.</summary>
        public Money? CancelHeld { get; init; }

        /// <summary>True when that attempt to cancel was recorded, whatever came of it.</summary>
        public bool HasCancel(int no) =>
            (no < CancelNo || (no == CancelNo && Cancelling)) && !Withdrawn.Contains(NameOfCancel(no));

        /// <summary>Refunds that went through or still may.</summary>
        public IEnumerable<Refund> LiveRefunds => Refunds.Values.Where(refund => refund.Status != RefundStatus.Failed);

        /// <summary>What refunds have taken or hold.</summary>
        public Money RefundedOrHeld => LiveRefunds.Aggregate(Zero, (sum, refund) => sum + refund.Amount);

        /// <summary>What the payer can still get back.</summary>
        public Money Refundable => Asked.Amount - RefundedOrHeld;

        /// <summary>What is the merchant's to give away: paid less fee, refunds and shares,
        /// plus what refunds brought back.</summary>
        public Money Splittable => LiveRefunds.Aggregate(
            Asked.Amount - Terms.Quote.Fee
                - Split.Total(Splits.Values.SelectMany(split => split.Shares), Zero.Currency),
            (left, refund) => left - refund.Amount + refund.Returns.Fee + refund.Returns.SharesTotal);

        public Money Zero => Money.Zero(Asked.Amount.Currency);

        internal static string NameOf(RefundId refund) => $"refund {refund}";
        internal static string NameOf(SplitId split) => $"split {split}";
        internal static string NameOfCancel(int no) => FormattableString.Invariant($"cancel {no}");
    }

    public sealed record Cancelled(Paid Was, ImmutableHashSet<string> Contradictions)
        : Made(Was.Asked, Was.Terms, Contradictions);
}

/// <summary>How far a refund has come.</summary>
public enum RefundStatus
{
    Requested,
    Unknown,
    Succeeded,
    Failed,
}

/// <summary>One refund (退款) of a payment.</summary>
/// <param name="Reference">The channel's number for it; null until it succeeds.</param>
/// <param name="Held">What was put aside for it in the merchant's funds; null when nothing was.</param>
public sealed record Refund(
    Money Amount, Returns Returns, string Reason, string? NotifyUrl, RefundStatus Status, string? Reference,
    DateTimeOffset RequestedAt, Money? Held = null);

/// <summary>A split that was made, with what had been refunded before it: only later refunds take it back.</summary>
public sealed record PaidSplit(ValueList<SplitShare> Shares, Money RefundedBefore);
