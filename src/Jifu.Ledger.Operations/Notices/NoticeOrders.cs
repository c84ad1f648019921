using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>Knows the order and the address of a payment's notices: from memory where the order has just passed by in
/// the log, which is nearly always, or else from the payment's stream.</summary>
internal sealed class NoticeOrders(CommandDesk desk)
{
    private const int OrdersMax = 20_000;
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
        string payment, PaymentEvent @event, CancellationToken cancellation)
    {
        if (RefundOf(@event) is not { } refund)
        {
            var order = _recent.GetValueOrDefault(payment) ?? (await Load(payment, cancellation)).Asked;
            return (order, order.NotifyUrl);
        }

        var made = await Load(payment, cancellation);
        var refunds = made is Payment.Cancelled cancelled ? cancelled.Was.Refunds : (made as Payment.Paid)?.Refunds;
        return (made.Asked, refunds?.GetValueOrDefault(refund.Value)?.NotifyUrl ?? made.Asked.NotifyUrl);
    }

    private static RefundId? RefundOf(PaymentEvent @event) => @event switch
    {
        PaymentEvent.RefundSucceeded e => e.Refund,
        PaymentEvent.RefundFailed e => e.Refund,
        _ => null,
    };

    private async Task<Payment.Made> Load(string payment, CancellationToken cancellation) =>
        await desk.Load(Aggregates.Payments, payment, cancellation) as Payment.Made
        ?? throw new InvalidDataException($"The payment {payment} has an end but no beginning.");
}
