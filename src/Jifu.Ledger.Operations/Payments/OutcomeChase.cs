using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Settlement;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.ReadModels.Settlements;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>Asks channels and the bank about everything that has no end yet, and closes what nobody paid in time: a
/// notice may never come.</summary>
/// <remarks>Asks 30 seconds, 2 minutes, 10 minutes and then each hour after the last news of a payment, refund or
/// payout. What was put aside for a refund or split that nobody recorded is freed after ten minutes. A supplement of a
/// difference that was approved and has no end goes on.</remarks>
public sealed class OutcomeChase(
    PaymentQueries queries, SettlementQueries settlementQueries, FundsQueries funds, PaymentDesk payments,
    RefundDesk refunds, SettlementDesk settlements, CoveredPayment covered, Supplements supplements, TimeProvider time)
    : IDisposable
{
    // The oldest come first and stay until they end, so a small number would keep the younger ones from their turn.
    private const int CountMax = 100_000;

    /// <summary>How long a payer has to pay, as long as channels keep a code alive.</summary>
    public static readonly TimeSpan PayableFor = TimeSpan.FromHours(2);

    // Whoever put it aside has answered its caller long before.
    private static readonly TimeSpan HoldsFor = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, (int Asked, DateTimeOffset Next)> _asked = new(StringComparer.Ordinal);

    /// <summary>Asks about what is due, once. Who comes while it goes on waits for its end.</summary>
    /// <param name="everything">True to ask at once about all that is open, whatever its turn.</param>
    /// <returns>How many questions were asked.</returns>
    /// <exception cref="AggregateException">Some questions failed; the others were asked.</exception>
    public async Task<int> Run(bool everything, EventMetadata metadata, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Ask(everything, metadata, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<int> Ask(bool everything, EventMetadata metadata, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var since = everything ? now : now - Pauses[0];
        var count = 0;
        var failed = new List<Exception>();
        foreach (var open in await queries.Open(since, CountMax, cancellation))
        {
            var id = new PaymentId(open.PaymentId);
            await Ask(open.PaymentId, () => open.Status == "pending" && now - open.CreatedAt > PayableFor
                ? payments.Close(id, metadata, cancellation)
                : payments.Refresh(id, metadata, cancellation));
        }

        foreach (var open in await queries.OpenRefunds(since, CountMax, cancellation))
            await Ask($"{open.PaymentId}.{open.RefundNo}", () => refunds.Refresh(
                new(open.PaymentId), new(open.RefundNo), metadata, cancellation));
        foreach (var id in await settlementQueries.Open(cancellation))
            await Ask(id.Value, () => settlements.Refresh(id, metadata, cancellation));
        foreach (var id in await supplements.Open(cancellation))
            await Ask(id.Value, () => supplements.Resume(id, metadata, cancellation));
        foreach (var (merchant, hold, amount, _) in await Forgotten(now, cancellation))
            await Ask($"{merchant} {hold}", () => covered.Abandon(
                merchant, hold, amount, "nobody recorded it", metadata, cancellation));
        Forget(now);
        return failed is [] ? count : throw new AggregateException("Not all could be asked.", failed);

        async Task Ask(string id, Func<Task> question)
        {
            if (!IsDue(id, everything, now))
                return;
            count++;
            try
            {
                await question();
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                failed.Add(e);
            }
        }
    }

    // A payout that was held for waits for its order to be sent, what a bill takes back for the next sweep: neither
    // needs anybody's help.
    private async Task<IEnumerable<OpenHold>> Forgotten(DateTimeOffset now, CancellationToken cancellation) =>
        (await funds.OpenHolds(now - HoldsFor, CountMax, cancellation)).Where(open => !open.Hold.IsOfAvailable);

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
