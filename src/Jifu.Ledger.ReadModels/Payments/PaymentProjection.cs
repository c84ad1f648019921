using System.Text;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.ReadModels.Payments;

/// <summary>Keeps <c>payment</c>, <c>refund</c> and <c>payment_timeline</c>: how payments stand, as merchants look
/// them up.</summary>
public sealed class PaymentProjection : IProjection
{
    public string Name => "payments";

    public IReadOnlyList<string> Tables => ["payment", "refund", "payment_timeline"];

    public IReadOnlyList<string> SearchedBy => ["payment_pkey", "refund_pkey"];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var payments = new Dictionary<string, PaymentChange>(StringComparer.Ordinal);
        var refunds = new Dictionary<(string, string), RefundChange>();
        var timeline = new List<Recorded<object>>();
        foreach (var recorded in page)
        {
            if (recorded.Event is not PaymentEvent @event)
                continue;
            timeline.Add(recorded);
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

        return [
            .. PaymentSql.Changes([.. payments.Values]), .. RefundSql.Changes([.. refunds.Values]), .. Lines(timeline)];
    }

    private static string? RefundOf(PaymentEvent @event) => @event switch
    {
        PaymentEvent.RefundRequested e => e.Refund.Value,
        PaymentEvent.RefundOutcomeUnknown e => e.Refund.Value,
        PaymentEvent.RefundSucceeded e => e.Refund.Value,
        PaymentEvent.RefundFailed e => e.Refund.Value,
        _ => null,
    };

    private static IEnumerable<Statement> Lines(List<Recorded<object>> timeline)
    {
        if (timeline.Count == 0)
            yield break;
        yield return new(
            """
            INSERT INTO payment_timeline (position, payment_id, type, recorded_at, payload)
            SELECT * FROM unnest(@position, @payment, @type, @recorded, @payload)
            """,
            timeline.Count,
            Column.Of("position", timeline, r => r.Position),
            Column.Of("payment", timeline, r => r.Stream.Id),
            Column.Of("type", timeline, r => LedgerEvents.Codec.TypeName(r.Event.GetType())),
            Column.Of("recorded", timeline, r => r.RecordedAt.ToUniversalTime()),
            Column.Of("payload", timeline, r => Encoding.UTF8.GetString(LedgerEvents.Codec.Write(r.Event))));
    }
}
