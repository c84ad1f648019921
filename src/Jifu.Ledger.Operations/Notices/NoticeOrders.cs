using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Payments;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>Knows the order and the address of a payment's notices: from memory where the order has just passed by in
/// the log, which is nearly always, or else from the payment's stream.</summary>
internal sealed class NoticeOrders(IEventLog log)
{
    private const int OrdersMax = 20_000;
    private const int PageMax = 1000;
    private static readonly string Payments = new PaymentProjection().Name;

    private readonly Dictionary<string, PaymentOrder> _recent = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();

    public void Remember(string payment, PaymentOrder order)
    {
        if (!_recent.TryAdd(payment, order))
            return;
        _oldest.Enqueue(payment);
        if (_oldest.Count > OrdersMax)
            _recent.Remove(_oldest.Dequeue());
    }

    /// <summary>The order that an event is about, and where to tell of it; null for nowhere.</summary>
    /// <remarks>A refund without an address of its own is told where its payment was.</remarks>
    public async Task<(PaymentOrder Order, string? Url)> Find(
        Recorded<PaymentEvent> end, CancellationToken cancellation)
    {
        if (RefundOf(end.Event) is not { } refund)
        {
            var order = _recent.GetValueOrDefault(end.Stream.Id) ?? (await Load(end, cancellation)).Asked;
            return (order, order.NotifyUrl);
        }

        var made = await Load(end, cancellation);
        var refunds = made is Payment.Cancelled cancelled ? cancelled.Was.Refunds : (made as Payment.Paid)?.Refunds;
        return (made.Asked, refunds?.GetValueOrDefault(refund.Value)?.NotifyUrl ?? made.Asked.NotifyUrl);
    }

    private static RefundId? RefundOf(PaymentEvent @event) => @event switch
    {
        PaymentEvent.RefundSucceeded e => e.Refund,
        PaymentEvent.RefundFailed e => e.Refund,
        _ => null,
    };

    // As the payment stood then. What came later, or was left out of how payments stand, may not read.
    private async Task<Payment.Made> Load(Recorded<PaymentEvent> end, CancellationToken cancellation)
    {
        var payment = Payment.Initial;
        for (var version = -1L; version < end.Version;)
        {
            var page = await log.ReadStream(
                end.Stream, version, (int)Math.Min(PageMax, end.Version - version), cancellation);
            if (page.Count == 0)
                break;
            foreach (var recorded in page)
            {
                if (await Decoded(recorded, cancellation) is { } @event)
                    payment = PaymentHistory.Evolve(payment, @event);
            }

            version = page[^1].Version;
        }

        return payment as Payment.Made
            ?? throw new InvalidDataException($"The payment {end.Stream.Id} has an end but no beginning.");
    }

    private async Task<PaymentEvent?> Decoded(RecordedEvent recorded, CancellationToken cancellation)
    {
        try
        {
            return LedgerEvents.Codec.Decode<PaymentEvent>(recorded).Event;
        }
        catch (Exception e) when (e is InvalidDataException or UnknownEventTypeException)
        {
            if ((await Skips.Read(log, [Payments], cancellation)).Has(Payments, recorded.Position))
                return null;
            throw;
        }
    }
}
