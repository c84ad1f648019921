using Jifu.Ledger.EventLog;
using Jifu.Ledger.Risk;

namespace Jifu.Ledger.Operations.Risk;

/// <summary>Judges what is about to go out, by the lists, the limits and the volume of the day as they stand.</summary>
public sealed class RiskDesk(IEventLog log, EventCodec codec, IdSource ids, DayVolumes volumes, TimeProvider time)
{
    private static readonly StreamName Lists = new("risklist", "global");
    private readonly SharedReads<StreamName, RiskList> _reads = new();
    private volatile ListsRead _read = new(RiskList.Initial, -1);

    /// <summary>Judges a payment and, when it passes, counts it into the merchant's day at once.</summary>
    /// <returns>The decision, and true when the payment was counted by this call.</returns>
    public async Task<(RiskDecision Decision, bool Counted)> JudgePayment(
        PaymentId payment, MerchantId merchant, string? payerId, Money amount, RiskLimits limits, BusinessDay day,
        CancellationToken cancellation)
    {
        var lists = await ListsNow(cancellation);
        return await volumes.Count(payment, merchant, day, amount, volume => RiskRules.Judge(
            new(FlowDirection.PaymentIn, merchant, payerId, amount, volume, limits, lists.Black, lists.White),
            RiskRules.Standard), cancellation);
    }

    public async Task<RiskDecision> JudgePayout(MerchantId merchant, Money amount, CancellationToken cancellation)
    {
        var lists = await ListsNow(cancellation);
        return RiskRules.Judge(
            new(
                FlowDirection.PayoutOut, merchant, null, amount, Money.Zero(amount.Currency), RiskLimits.None,
                lists.Black, lists.White),
            RiskRules.Standard);
    }

    /// <summary>Puts a name on a list, or takes it off. A repeat is quiet.</summary>
    public async Task SetListed(
        string name, RiskListColour colour, bool listed, string reason, EventMetadata metadata,
        CancellationToken cancellation)
    {
        while (true)
        {
            var lists = await ListsNow(cancellation);
            if (lists.Holds(name, colour) == listed)
                return;
            RiskListEvent change = listed
                ? new RiskListEvent.Listed(name, colour, reason, time.GetUtcNow())
                : new RiskListEvent.Unlisted(name, colour, reason, time.GetUtcNow());
            await log.TryAppend(codec, ids, Lists, _read.Version, [change], metadata, cancellation);
        }
    }

    public Task<RiskList> ListsNow(CancellationToken cancellation) =>
        _reads.Join(Lists, () => Read(CancellationToken.None), cancellation);

    private async Task<RiskList> Read(CancellationToken cancellation)
    {
        const int Page = 1000;
        var (lists, version) = _read;
        IReadOnlyList<RecordedEvent> page;
        do
        {
            page = await log.ReadStream(Lists, version, Page, cancellation);
            foreach (var recorded in page)
            {
                lists = RiskList.Evolve(lists, codec.Decode<RiskListEvent>(recorded).Event);
                version = recorded.Version;
            }
        }
        while (page.Count == Page);

        if (version > _read.Version)
            _read = new(lists, version);
        return lists;
    }

    private sealed record ListsRead(RiskList Lists, long Version);
}
