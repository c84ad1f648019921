using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>Keeps <c>payment</c>, <c>refund</c> and <c>payment_open</c>: how payments stand, as merchants look them up,
/// and which of them the channel still has to be asked about.</summary>
public sealed class PaymentProjection : IProjection
{
    public string Name => "payments";

    public IReadOnlyList<string> Tables => ["payment", "refund", "payment_open"];

    public IReadOnlyList<string> SearchedBy => ["payment_pkey", "refund_pkey", "payment_open_pkey"];

    public IReadOnlyList<Type> LooksAt => [typeof(PaymentEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var payments = new Dictionary<string, PaymentChange>(StringComparer.Ordinal);
        var refunds = new Dictionary<(string, string), RefundChange>();
        foreach (var recorded in page)
        {
            if (recorded.Event is not PaymentEvent @event)
                continue;
            var id = recorded.Stream.Id;
            if (!payments.TryGetValue(id, out var payment))
                payments.Add(id, payment = new(id));
            payment.Apply(@event, recorded);
            if (RefundOf(@event) is { } no)
            {
                if (!refunds.TryGetValue((id, no), out var refund))
                    refunds.Add((id, no), refund = new(id, no));
                refund.Apply(@event, recorded);
            }
        }

        // In the order of their key, so that neighbours go to the same leaf of its index.
        var changes = payments.Values.OrderBy(payment => payment.Id, StringComparer.Ordinal).ToList();
        return [.. PaymentSql.Changes(changes), .. RefundSql.Changes([.. refunds.Values])];
    }

    private static string? RefundOf(PaymentEvent @event) => @event switch
    {
        PaymentEvent.RefundRequested e => e.Refund.Value,
        PaymentEvent.RefundOutcomeUnknown e => e.Refund.Value,
        PaymentEvent.RefundSucceeded e => e.Refund.Value,
        PaymentEvent.RefundFailed e => e.Refund.Value,
        _ => null,
    };
}
