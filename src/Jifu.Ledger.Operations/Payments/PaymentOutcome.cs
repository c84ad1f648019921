using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>What became of a request about a payment: how the payment stands now and, when it was refused,
/// why.</summary>
/// <param name="Position">The log position of the last event this request appended; -1 when it appended none.</param>
public sealed record PaymentOutcome(PaymentId Id, Payment Payment, long Position, Refusal? Refusal)
{
    internal static PaymentOutcome Of(PaymentId id, Handled<Payment, PaymentEvent, PaymentRejection> handled) =>
        new(id, handled.State, handled.Position, handled.Rejection is { } rejection
            ? Refusal.Of(rejection, $"Payment {id} is {Name(handled.State)}.")
            : null);

    internal static string Name(Payment payment) => SnakeCase.Of(payment.GetType().Name);
}
