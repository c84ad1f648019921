using System.Collections.Concurrent;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Funds;

namespace Jifu.Ledger.Operations.Funds;

/// <summary>What the read model last said of merchants' funds, kept in memory: old facts serve as well as new ones, as
/// long as they suffice. A cache: nothing depends on it.</summary>
/// <remarks>Facts that were right stay safe however old they grow (<see cref="MerchantFunds"/>). They are looked up
/// again all the same after <see cref="AgeMax"/>, so that rows that were wrong, and were made again, are not believed
/// until a restart. Not sooner, for each look is a query, and of many merchants each is asked about now and
/// then.</remarks>
/// <param name="log">Tells how far there is to know.</param>
/// <param name="look">Asks the read model for several merchants, all as of one position.</param>
/// <param name="time">Tells the age of facts; null for the system's clock.</param>
public sealed class KnownFunds(
    IEventLog log,
    Func<IReadOnlyCollection<(MerchantId Merchant, Currency Currency)>, CancellationToken,
        Task<IReadOnlyDictionary<(MerchantId Merchant, Currency Currency), FundsRow>>> look,
    TimeProvider? time = null)
{
    /// <summary>How old facts may be that are not looked up again.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(5);

    private const int KnownMax = 200_000;

    private static readonly string SplitMade = LedgerEvents.Codec.TypeName(typeof(PaymentEvent.SplitMade));

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<(MerchantId, Currency), (FundsFacts Facts, long Since)> _known = new();
    private int _kept;
    private readonly ConcurrentQueue<(MerchantId, Currency)> _asked = new();
    private readonly SharedReads<int, IReadOnlyDictionary<(MerchantId, Currency), FundsRow>> _reads = new();

    /// <summary>True when the read model knows the merchant; it may be late.</summary>
    public async Task<bool> IsRegistered(MerchantId merchant, Currency currency, CancellationToken cancellation) =>
        (await Look(merchant, currency, cancellation)).Registered;

    /// <summary>Facts as of some position.</summary>
    public ValueTask<FundsFacts> Find(MerchantId merchant, Currency currency, CancellationToken cancellation) =>
        !_known.TryGetValue((merchant, currency), out var known)
            ? new(FindAnew(merchant, currency, null, cancellation))
            : _time.GetElapsedTime(known.Since) < AgeMax
                ? new(known.Facts)
                : new(FindAnew(merchant, currency, known.Facts, cancellation));

    private async Task<FundsFacts> FindAnew(
        MerchantId merchant, Currency currency, FundsFacts? old, CancellationToken cancellation) =>
        await FindNewest(merchant, currency, cancellation) ?? old
        ?? await FindAtHead(merchant, currency, cancellation);

    /// <summary>What the read model says now, however far it is. Null when it stands between a payment's success and
    /// the split that came with it.</summary>
    /// <remarks>It may have stopped for good, at an event that it cannot apply: what it knows goes on to serve.
    /// </remarks>
    public async Task<FundsFacts?> FindNewest(
        MerchantId merchant, Currency currency, CancellationToken cancellation)
    {
        var row = await Look(merchant, currency, cancellation);
        return await IsWhole(row, cancellation) ? Keep(merchant, currency, row) : null;
    }

    /// <summary>Facts that hold all that the log held when they were asked for.</summary>
    /// <exception cref="EventLogUnavailableException">The read model does not come up to it in time.</exception>
    public async Task<FundsFacts> FindAtHead(MerchantId merchant, Currency currency, CancellationToken cancellation)
    {
        var (first, since) = (await log.Head(cancellation), TimeProvider.System.GetTimestamp());
        var head = first;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var row = await Look(merchant, currency, cancellation);
            if (row.Position >= first && await IsWhole(row, cancellation))
                return Keep(merchant, currency, row);
            if (TimeProvider.System.GetElapsedTime(since) > Patience)
                throw new EventLogUnavailableException(
                    $"The funds of {merchant} are known up to {row.Position}; the log ends at {head}.", null);
            await Task.Delay(pause, TimeProvider.System, cancellation);
            head = await log.Head(cancellation);
        }
    }

    // A page of the read model may end between a payment's success and the split that came with it. The next event
    // tells; it need not be one that anybody can read.
    private async Task<bool> IsWhole(FundsRow row, CancellationToken cancellation) =>
        row.Position != row.SuccessPosition
        || await log.ReadAll(row.Position, 1, cancellation) is not [var next]
        || next.Type != SplitMade;

    private FundsFacts Keep(MerchantId merchant, Currency currency, FundsRow row)
    {
        // Counted roughly, and here: the dictionary's own count takes all its locks.
        if (Interlocked.Increment(ref _kept) % KnownMax == 0)
            _known.Clear();
        _known[(merchant, currency)] = (row.Facts, _time.GetTimestamp());
        return row.Facts;
    }

    // Who asks while others are being told is told with all who ask meanwhile, in one query.
    private async Task<FundsRow> Look(MerchantId merchant, Currency currency, CancellationToken cancellation)
    {
        while (true)
        {
            _asked.Enqueue((merchant, currency));
            var told = await CallerPatience.Within(
                limit => _reads.Join(0, LookForAll, limit), cancellation);
            if (told.TryGetValue((merchant, currency), out var row))
                return row;
        }
    }

    private Task<IReadOnlyDictionary<(MerchantId, Currency), FundsRow>> LookForAll()
    {
        var asked = new HashSet<(MerchantId, Currency)>();
        while (_asked.TryDequeue(out var one))
            asked.Add(one);
        return look(asked, CancellationToken.None);
    }
}
