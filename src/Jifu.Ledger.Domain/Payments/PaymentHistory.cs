using System.Collections.Immutable;

namespace Jifu.Ledger.Payments;

using static Payment;

/// <summary>What a payment becomes. Events are facts: one that cannot follow means that the stream is
/// corrupt.</summary>
public static class PaymentHistory
{
    public static Payment Of(IEnumerable<PaymentEvent> events) => events.Aggregate(Initial, Evolve);

    /// <exception cref="InvalidDataException">The event cannot follow.</exception>
    public static Payment Evolve(Payment payment, PaymentEvent @event) => (payment, @event) switch
    {
        (NotStarted, PaymentEvent.Created e) => new Drafted(e.Order, e.Terms),
        (Drafted p, PaymentEvent.Judged { Decision.Passed: false } e) => new Refused(p, e.Decision.RefusedBy!),
        (Drafted p, PaymentEvent.Judged) => p,
        (Drafted p, PaymentEvent.SentToChannel) => new Pending(p.Asked, p.Terms, p.Contradictions, null, null),

        (Pending p, PaymentEvent.Accepted e) => p with { Credential = e.Credential, UnknownBecause = null },
        (Pending p, PaymentEvent.OutcomeUnknown e) => p with { UnknownBecause = e.Reason },
        (Pending p, PaymentEvent.Failed e) => new Failed(p, p.Contradictions, e.Code, e.Reason),
        (Pending p, PaymentEvent.Closed) => new Closed(p, p.Contradictions),
        (Pending p, PaymentEvent.Succeeded e) => new Paid(
            p.Asked, p.Terms, p.Contradictions, e.ChannelReference, e.PaidAt, e.Day, Cancelling: false,
            ImmutableSortedDictionary<string, Refund>.Empty, ImmutableSortedDictionary<string, PaidSplit>.Empty),

        (Paid p, PaymentEvent.SplitMade e) => p with
        {
            Splits = p.Splits.Add(e.Split.Value, new(e.Shares, p.RefundedOrHeld)),
        },
        (Paid p, PaymentEvent.CancelRequested e) => p with { Cancelling = true, CancelHeld = e.Held },
        (Paid p, PaymentEvent.CancelRefused) => p with
        {
            Cancelling = false, CancelHeld = null, CancelNo = p.CancelNo + 1,
        },
        (Paid p, PaymentEvent.CancelWithdrawn e) => p with
        {
            CancelNo = e.No + 1, Withdrawn = p.Withdrawn.Add(Paid.NameOfCancel(e.No)),
        },
        (Paid p, PaymentEvent.Cancelled) => new Cancelled(p, p.Contradictions),

        (Paid p, PaymentEvent.RefundRequested e) => p with
        {
            Refunds = p.Refunds.Add(
                e.Refund.Value,
                new(e.Amount, e.Returns, e.Reason, e.NotifyUrl, RefundStatus.Requested, null, e.At, e.Held)),
        },
        (Paid p, PaymentEvent.RefundWithdrawn e) => p with { Withdrawn = p.Withdrawn.Add(Paid.NameOf(e.Refund)) },
        (Paid p, PaymentEvent.SplitWithdrawn e) => p with { Withdrawn = p.Withdrawn.Add(Paid.NameOf(e.Split)) },
        (Paid p, PaymentEvent.RefundOutcomeUnknown e) => Moved(p, e.Refund, RefundStatus.Unknown, null),
        (Paid p, PaymentEvent.RefundSucceeded e) =>
            Moved(p, e.Refund, RefundStatus.Succeeded, e.ChannelRefundReference),
        (Paid p, PaymentEvent.RefundFailed e) => Moved(p, e.Refund, RefundStatus.Failed, null),

        (Made p, PaymentEvent.ContradictionSeen e) => p with
        {
            Contradictions = p.Contradictions.Add(KeyOf(e.Field, e.Theirs)),
        },

        _ => throw new InvalidDataException($"{@event} cannot follow {payment}."),
    };

    internal static string KeyOf(string field, string theirs) => $"{field}={theirs}";

    private static Paid Moved(Paid p, RefundId id, RefundStatus status, string? reference) =>
        p.Refunds.TryGetValue(id.Value, out var refund)
            && refund.Status is RefundStatus.Requested or RefundStatus.Unknown
            ? p with { Refunds = p.Refunds.SetItem(id.Value, refund! with { Status = status, Reference = reference }) }
            : throw new InvalidDataException($"Refund {id} cannot become {status} on {p}.");
}
