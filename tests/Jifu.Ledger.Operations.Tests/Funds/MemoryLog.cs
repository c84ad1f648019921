using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Funds;

namespace Jifu.Ledger.Operations.Tests.Funds;

/// <summary>A log in memory that lets its callers run into each other: it gives way to others before and after each
/// step, by a seed.</summary>
internal sealed class MemoryLog(int seed) : IEventLog
{
    private readonly Lock _lock = new();
    private readonly List<RecordedEvent> _all = [];
    private readonly Dictionary<StreamName, List<RecordedEvent>> _streams = [];
    private readonly Random _random = new(seed);

    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation)
    {
        await GiveWay();
        lock (_lock)
        {
            return _streams.TryGetValue(stream, out var events)
                ? [.. events.Skip((int)afterVersion + 1).Take(countMax)]
                : [];
        }
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<RecordedEvent>>(Page(afterPosition, countMax));

    public List<RecordedEvent> Page(long afterPosition, int countMax)
    {
        lock (_lock)
            return _all.GetRange((int)afterPosition + 1, Math.Min(countMax, _all.Count - (int)afterPosition - 1));
    }

    public Task<long> Head(CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult(_all.Count - 1L);
    }

    public Task WaitPast(long position, CancellationToken cancellation) => throw new NotSupportedException();

    public async Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation)
    {
        await GiveWay();
        AppendResult result;
        lock (_lock)
        {
            if (!_streams.TryGetValue(stream, out var own))
                _streams.Add(stream, own = []);
            if (own.Count - 1 != expectedVersion)
                return new(AppendOutcome.Conflict, own.Count - 1, -1);
            foreach (var @event in events)
            {
                own.Add(new(
                    _all.Count, stream, own.Count, @event.EventId, @event.Type, @event.Payload,
                    @event.Metadata ?? metadata, DateTimeOffset.UnixEpoch));
                _all.Add(own[^1]);
            }

            result = new(AppendOutcome.Appended, own.Count - 1, _all.Count - 1);
        }

        await GiveWay();
        return result;
    }

    /// <summary>A number below a bound, the same in each run.</summary>
    public int Next(int below)
    {
        lock (_random)
            return _random.Next(below);
    }

    private async Task GiveWay()
    {
        for (var i = Next(3); i > 0; i--)
            await Task.Yield();
    }
}

/// <summary>The funds as a read model has them that lags behind the log: it reads on a little whenever somebody
/// looks.</summary>
internal sealed class LaggingFunds(MemoryLog log)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<(MerchantId, Currency), (FundsFacts Facts, long Success)> _sums = [];
    private long _position = -1;

    /// <summary>It reads on to here and stands still, like one that has met an event it cannot apply.</summary>
    public long StopsAt { get; set; } = long.MaxValue;

    public Task<IReadOnlyDictionary<(MerchantId Merchant, Currency Currency), FundsRow>> Look(
        IReadOnlyCollection<(MerchantId Merchant, Currency Currency)> asked, CancellationToken cancellation)
    {
        lock (_turn)
        {
            foreach (var recorded in log.Page(_position, 1 + log.Next(300)).Where(one => one.Position <= StopsAt))
                Apply(recorded);
            return Task.FromResult<IReadOnlyDictionary<(MerchantId, Currency), FundsRow>>(
                asked.ToDictionary(key => key, key =>
                {
                    var (facts, success) = _sums.GetValueOrDefault(key, (FundsFacts.None(key.Currency), -1));
                    return new FundsRow(facts, _position, success, Registered: false);
                }));
        }
    }

    private void Apply(RecordedEvent recorded)
    {
        var @event = LedgerEvents.Codec.Decode(recorded);
        foreach (var (merchant, more) in FundsEffect.Of(@event))
        {
            var key = (merchant, more.Free.Currency);
            var (facts, success) = _sums.GetValueOrDefault(key, (FundsFacts.None(key.Currency), -1));
            _sums[key] = (
                new(facts.Free + more.Free, facts.Available + more.Available, facts.Out + more.Out,
                    facts.OutOfAvailable + more.OutOfAvailable),
                @event is PaymentEvent.Succeeded ? recorded.Position : success);
        }

        _position = recorded.Position;
    }
}
