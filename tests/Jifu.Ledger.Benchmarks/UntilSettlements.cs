using Jifu.Ledger.Channels.Payouts;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Ends a clearing run where it begins to order settlements, of which the clock is asked first: the day is
/// cleared by then, its batch closed.</summary>
internal sealed class UntilSettlements : TimeProvider, IPayoutBank
{
    public override DateTimeOffset GetUtcNow() => throw new ReachedException();

    public Task<PayoutAnswer> Send(Payout payout, CancellationToken cancellation) => throw new ReachedException();

    public Task<PayoutAnswer> Query(string reference, CancellationToken cancellation) => throw new ReachedException();

    /// <summary>The first settlement was about to be ordered.</summary>
    public sealed class ReachedException : Exception;
}
