using System.Collections.Concurrent;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Risk;

namespace Jifu.Ledger.Operations.Risk;

/// <summary>What each merchant's payments of a business day sum to, counted before they go out, so that a limit per day
/// holds also for payments made at the same moment.</summary>
/// <remarks>
/// The first payment of a merchant's day asks the read model where the day stands; from then on this process counts
/// itself. Two server processes each count their own payments on top of what the read model had: the limit can then be
/// exceeded by what the other process took since.
/// </remarks>
/// <param name="volumeSoFar">Asks the read model for a merchant's volume of a day, in minor units.</param>
public sealed class DayVolumes(Func<MerchantId, BusinessDay, Currency, CancellationToken, Task<long>> volumeSoFar)
{
    private readonly ConcurrentDictionary<(MerchantId, BusinessDay, Currency), Lazy<Task<Volume>>> _days = new();

    /// <summary>Judges a payment against the volume so far and counts it when it passes, as one step.</summary>
    /// <returns>The decision, and true when the payment counts from now on and did not before.</returns>
    public async Task<(RiskDecision Decision, bool Counted)> Count(
        PaymentId payment, MerchantId merchant, BusinessDay day, Money amount, Func<Money, RiskDecision> judge,
        CancellationToken cancellation)
    {
        var volume = await Of(merchant, day, amount.Currency, cancellation);
        lock (volume)
        {
            // A payment that is asked for again was counted before.
            var counted = volume.Counted.Contains(payment);
            var decision = judge(new(volume.MinorUnits - (counted ? amount.MinorUnits : 0), amount.Currency));
            var counts = decision.Passed && volume.Counted.Add(payment);
            if (counts)
                volume.MinorUnits += amount.MinorUnits;
            return (decision, counts);
        }
    }

    /// <summary>Takes a payment that came to nothing, or was counted already, out of its day again.</summary>
    public async Task Release(
        PaymentId payment, MerchantId merchant, BusinessDay day, Money amount, CancellationToken cancellation)
    {
        var volume = await Of(merchant, day, amount.Currency, cancellation);
        lock (volume)
        {
            if (volume.Counted.Remove(payment))
                volume.MinorUnits -= amount.MinorUnits;
        }
    }

    private async Task<Volume> Of(
        MerchantId merchant, BusinessDay day, Currency currency, CancellationToken cancellation)
    {
        var key = (merchant, day, currency);
        var asked = _days.GetOrAdd(key, _ => new(() => Ask(merchant, day, currency)));
        try
        {
            return await CallerPatience.Within(asked.Value.WaitAsync, cancellation);
        }
        catch (Exception) when (asked.Value.IsFaulted)
        {
            _days.TryRemove(new(key, asked));
            throw;
        }
    }

    private async Task<Volume> Ask(MerchantId merchant, BusinessDay day, Currency currency)
    {
        // All who come meanwhile wait for it, each for as long as he will.
        CallerPatience.End();
        foreach (var past in _days.Keys.Where(known => known.Item2 < day.Previous))
            _days.TryRemove(past, out _);
        return new() { MinorUnits = await volumeSoFar(merchant, day, currency, CancellationToken.None) };
    }

    private sealed class Volume
    {
        public long MinorUnits { get; set; }
        public HashSet<PaymentId> Counted { get; } = [];
    }
}
