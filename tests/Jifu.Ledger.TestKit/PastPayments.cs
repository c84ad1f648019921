using Jifu.Ledger.EventLog;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.TestKit;

/// <summary>Paid payments, as the rules make them, put into a log beside the API: a past of any length in little
/// time.</summary>
public static class PastPayments
{
    /// <summary>How many append at the same time.</summary>
    public const int Callers = 256;

    private const int TriesMax = 120;

    private static readonly EventMetadata By = new("past", "past");

    /// <param name="log">Where to.</param>
    /// <param name="events">At least so many.</param>
    /// <param name="order">The order of the n-th payment of a caller.</param>
    public static async Task Fill(IEventLog log, long events, Func<int, int, PaymentOrder> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var ids = IdSource.TimeOrdered(TimeProvider.System);
        long made = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var n = 0; Interlocked.Read(ref made) < events; n++)
            {
                var one = order(caller, n);
                var id = PaymentId.Of(one.Merchant, one.MerchantOrderNo);
                var life = Life(id, one);
                await Append(
                    log, new("payment", id.Value),
                    [.. life.Select(@event => LedgerEvents.Codec.Encode(ids.Next(), @event))]);
                Interlocked.Add(ref made, life.Count);
            }
        })));
    }

    // A million events take long enough for a moment in which the log does not answer, or has enough to do. The same
    // ids again write nothing twice.
    private static async Task Append(IEventLog log, StreamName stream, IReadOnlyList<EventToAppend> life)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var result = await log.Append(stream, -1, life, By, default);
                if (result.Outcome == AppendOutcome.Conflict)
                    throw new InvalidOperationException($"{stream} is there already: number each payment by itself.");
                return;
            }
            catch (Exception e) when (
                tries < TriesMax && e is (EventLogUnavailableException or EventLogOverloadedException))
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static List<PaymentEvent> Life(PaymentId id, PaymentOrder order)
    {
        var now = TimeProvider.System.GetUtcNow();
        var day = BusinessDay.Of(now);
        var quote = FeeQuote.For(
            order.Amount, new(6000), FeeOnRefund.Returned, new(Channel.Sandbox, new(3800), FeeOnRefund.Returned));
        PaymentCommand[] commands =
        [
            new PaymentCommand.Create(order, new(quote, [], day), new(true, []), now),
            new PaymentCommand.Accept("code", now),
            new PaymentCommand.Succeed($"ch{id}", order.Amount, now, day, now),
        ];
        var life = new List<PaymentEvent>();
        foreach (var command in commands)
            life.AddRange(PaymentRules.Decide(PaymentHistory.Of(life), command).Events);
        return life;
    }
}
