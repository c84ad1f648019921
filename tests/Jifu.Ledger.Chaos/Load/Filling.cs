using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Load;

/// <summary>Puts paid payments into the log beside the API, as the rules make them: a past of any length in little
/// time.</summary>
internal static class Filling
{
    private const int Callers = 256;
    private const int HearsEach = 1_000;
    private static readonly EventMetadata By = new("filling", "filling");

    /// <param name="notify">Every thousandth payment's merchant wants to hear of it there.</param>
    public static async Task Fill(string connection, IReadOnlyList<Merchant> merchants, long events, string notify)
    {
        await using var log = new PostgreSqlEventLog(connection, TimeProvider.System);
        var ids = IdSource.TimeOrdered(TimeProvider.System);
        long made = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var n = 0; Interlocked.Read(ref made) < events; n++)
            {
                var order = new PaymentOrder(
                    new(merchants[caller % merchants.Count].Id), Invariant($"past-{caller}-{n}"),
                    new(12_34, Currency.CNY), Channel.Sandbox, PaymentProduct.Native, "tea", null, null,
                    ((n * Callers) + caller) % HearsEach == 0 ? notify : null, []);
                var id = PaymentId.Of(order.Merchant, order.MerchantOrderNo);
                var life = Life(id, order);
                await log.TryAppend(
                    LedgerEvents.Codec, ids, new("payment", id.Value), -1, life, By, default);
                Interlocked.Add(ref made, life.Count);
            }
        })));
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
