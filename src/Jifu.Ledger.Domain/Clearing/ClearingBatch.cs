using System.Collections.Immutable;
using System.Diagnostics;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Clearing;

using Decision = Decision<ClearingEvent, ClearingRejection>;
using static ClearingCommand;

/// <summary>Everything that can be asked of a clearing batch.</summary>
public abstract record ClearingCommand
{
    private ClearingCommand() { }

    public sealed record Open(
        Channel Channel, BusinessDay Day, SettlementTerm Term, int Run, ValueList<MerchantId> Merchants,
        BusinessDay Today, DateTimeOffset At) : ClearingCommand;

    public sealed record Clear(BatchId Batch, IReadOnlyList<MerchantPosition> Positions, DateTimeOffset At)
        : ClearingCommand;

    public sealed record Close(DateTimeOffset At) : ClearingCommand;
}

/// <summary>Every rule that can refuse a clearing command. The API returns these names.</summary>
public enum ClearingRejection
{
    ClearingBatchNotFound,
    ClearingDayNotOver,
    ClearingDayNotToday,
    ClearingMerchantsMissing,
    ClearingBatchDiffers,
}

/// <summary>A clearing batch: opened once, each merchant cleared once, closed once.
/// A second start changes nothing.</summary>
public abstract record ClearingBatch
{
    private ClearingBatch() { }

    public static readonly ClearingBatch Initial = new NotOpened();

    /// <summary>The name under which a run exists once: channel, day, term and, for T+0,
    /// the number of the run.</summary>
    public static BatchId IdOf(Channel channel, BusinessDay day, SettlementTerm term, int run) =>
        new(FormattableString.Invariant($"{channel.Name()}_{day}_{term}_{run}"));

    public sealed record NotOpened : ClearingBatch;

    /// <param name="Cleared">Who is done, by merchant and currency.</param>
    public sealed record Open(ClearingEvent.Opened Terms, ImmutableList<MerchantPosition> Cleared) : ClearingBatch;

    public sealed record Closed(Open Was) : ClearingBatch;

    public static Decision Decide(ClearingBatch batch, ClearingCommand command) => (batch, command) switch
    {
        (NotOpened, ClearingCommand.Open { Term: SettlementTerm.T1 } c) when c.Day >= c.Today =>
            ClearingRejection.ClearingDayNotOver,
        (NotOpened, ClearingCommand.Open { Term: SettlementTerm.T0 } c) when c.Day != c.Today =>
            ClearingRejection.ClearingDayNotToday,
        (NotOpened, ClearingCommand.Open { Term: SettlementTerm.T0, Merchants: [] }) =>
            ClearingRejection.ClearingMerchantsMissing,
        (NotOpened, ClearingCommand.Open c) =>
            new ClearingEvent.Opened(c.Channel, c.Day, c.Term, c.Run, c.Merchants, c.At),
        (NotOpened, _) => ClearingRejection.ClearingBatchNotFound,

        (_, ClearingCommand.Open c) =>
            Same(TermsOf(batch), c) ? Decision.Nothing : ClearingRejection.ClearingBatchDiffers,

        (Open b, Clear c) => Decision.All(StillToDo(b, c.Positions)
            .Select(position => new ClearingEvent.MerchantCleared(
                c.Batch, b.Terms.Channel, b.Terms.Day, b.Terms.Term, position, c.At)).ToList()),
        (Open b, ClearingCommand.Close c) => new ClearingEvent.Closed(
            b.Cleared.Count, Totals(b, position => position.Payable),
            Totals(b, position => position.CarriedForward), c.At),
        (Closed, _) => Decision.Nothing,

        _ => throw new UnreachableException($"No rule answers {command} on {batch}."),
    };

    public static ClearingBatch Evolve(ClearingBatch batch, ClearingEvent @event) => (batch, @event) switch
    {
        (NotOpened, ClearingEvent.Opened e) => new Open(e, []),
        (Open b, ClearingEvent.MerchantCleared e) => b with { Cleared = b.Cleared.Add(e.Position) },
        (Open b, ClearingEvent.Closed) => new Closed(b),
        _ => throw new InvalidDataException($"{@event} cannot follow {batch}."),
    };

    private static ClearingEvent.Opened TermsOf(ClearingBatch batch) => batch is Closed closed
        ? closed.Was.Terms
        : ((Open)batch).Terms;

    private static bool Same(ClearingEvent.Opened terms, ClearingCommand.Open c) =>
        (terms.Channel, terms.Day, terms.Term, terms.Run) == (c.Channel, c.Day, c.Term, c.Run);

    // Those who are done are gone through once a command: a batch may have very many merchants.
    private static IEnumerable<MerchantPosition> StillToDo(Open batch, IReadOnlyList<MerchantPosition> positions)
    {
        var done = batch.Cleared.Select(NameOf).ToHashSet();
        return positions.Where(position => !done.Contains(NameOf(position)));
    }

    private static (MerchantId, Currency) NameOf(MerchantPosition position) =>
        (position.Merchant, position.Gross.Currency);

    private static ValueList<Money> Totals(Open batch, Func<MerchantPosition, Money> part) => batch.Cleared
        .Select(part).GroupBy(money => money.Currency).OrderBy(group => group.Key)
        .Select(group => group.Aggregate((sum, money) => sum + money)).ToValueList();
}
