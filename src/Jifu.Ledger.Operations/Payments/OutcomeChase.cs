using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Settlement;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.ReadModels.Settlements;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>Asks channels and the bank about everything that has no end yet, and closes what nobody paid in time: a
/// notice may never come.</summary>
/// <remarks>Asks 30 seconds, 2 minutes, 10 minutes and then each hour after the last news of a payment, refund or
/// payout.</remarks>
public sealed class OutcomeChase(
    PaymentQueries queries, SettlementQueries settlementQueries, PaymentDesk payments, RefundDesk refunds,
    SettlementDesk settlements, TimeProvider time)
{
    private const int PageMax = 500;

    /// <summary>How long a payer has to pay, as long as channels keep a code alive.</summary>
    public static readonly TimeSpan PayableFor = TimeSpan.FromHours(2);

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private readonly Dictionary<string, (int Asked, DateTimeOffset Next)> _asked = new(StringComparer.Ordinal);

    /// <summary>Asks about what is due, once. Not to be called twice at a time.</summary>
    /// <param name="everything">True to ask at once about all that is open, whatever its turn.</param>
    /// <returns>How many questions were asked.</returns>
    public async Task<int> Run(bool everything, EventMetadata metadata, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var since = everything ? now : now - Pauses[0];
        var count = 0;
        foreach (var open in await queries.Open(since, PageMax, cancellation))
        {
            if (!IsDue(open.PaymentId, everything, now))
                continue;
            count++;
            var id = new PaymentId(open.PaymentId);
            if (open.Status == "pending" && now - open.CreatedAt > PayableFor)
                await payments.Close(id, metadata, cancellation);
            else
                await payments.Refresh(id, metadata, cancellation);
        }

        foreach (var open in await queries.OpenRefunds(since, PageMax, cancellation))
        {
            if (!IsDue($"{open.PaymentId}.{open.RefundNo}", everything, now))
                continue;
            count++;
            await refunds.Refresh(new(open.PaymentId), new(open.RefundNo), metadata, cancellation);
        }

        foreach (var id in await settlementQueries.Open(cancellation))
        {
            if (!IsDue(id.Value, everything, now))
                continue;
            count++;
            await settlements.Refresh(id, metadata, cancellation);
        }

        Forget(now);
        return count;
    }

    private bool IsDue(string id, bool everything, DateTimeOffset now)
    {
        var (asked, next) = _asked.GetValueOrDefault(id);
        if (now < next && !everything)
            return false;
        _asked[id] = (asked + 1, now + Pauses[Math.Min(asked, Pauses.Length - 1)]);
        return true;
    }

    // What was not asked about for long has come to its end.
    private void Forget(DateTimeOffset now)
    {
        var past = now - Pauses[^1];
        foreach (var id in _asked.Where(known => known.Value.Next < past).Select(known => known.Key).ToList())
            _asked.Remove(id);
    }
}
