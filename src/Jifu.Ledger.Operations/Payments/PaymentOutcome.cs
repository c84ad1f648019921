using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>What became of a request about a payment: how the payment stands now and, when it was refused,
/// why.</summary>
public sealed record PaymentOutcome(PaymentId Id, Payment Payment, Refusal? Refusal)
{
    /// <summary>True when this very request made the payment, refund or split; false for a repeat.</summary>
    public bool IsNew { get; init; }

    internal static PaymentOutcome Of(PaymentId id, Handled<Payment, PaymentEvent, PaymentRejection> handled) =>
        new(id, handled.State, handled.Rejection is { } rejection
            ? Refusal.Of(rejection, $"Payment {id} is {Name(handled.State)}{Left(handled.State)}.")
            : null)
        {
            IsNew = handled.Events.Any(@event => @event is
                PaymentEvent.Created or PaymentEvent.RefundRequested or PaymentEvent.SplitMade),
        };

    // Whoever is refused a refund wants to know how much would do.
    private static string Left(Payment payment) =>
        payment is Payment.Paid paid ? $", {paid.Refundable} refundable" : "";

    internal static string Name(Payment payment) => SnakeCase.Of(payment.GetType().Name);
}
