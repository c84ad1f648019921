using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Days;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Risk;
using Jifu.Ledger.Operations.Settlement;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>All desks of one server on a real database, with a channel that a test speaks for and a clock that a test
/// moves.</summary>
internal sealed class House : IAsyncDisposable
{
    public static readonly BusinessDay Friday = new(new(2026, 11, 20));
    public static readonly EventMetadata By = new("test", "test");

    /// <summary>Every actor is a person, but for keys of which one is named by the other: <c>bo.2</c> is
    /// Bo's.</summary>
    public static readonly OnePerson EachIsOne = (actor, other, _) =>
        Task.FromResult(actor.Split('.')[0] == other.Split('.')[0]);

    private readonly TestDatabase _database;
    private readonly PostgreSqlEventLog _log;
    private readonly NpgsqlDataSource _source;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _projecting;
    private readonly Func<(RiskDesk, PaymentDesk)> _newDesks;

    private House(TestDatabase database)
    {
        _database = database;
        var (codec, ids) = (LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System));
        (_log, _source) = (new(database.AppConnection, Clock), NpgsqlDataSource.Create(database.AppConnection));
        Projector = new(
            _log, codec, _source, Projections.All, TimeProvider.System, NullLogger<Projector>.Instance);
        Views = new(_source);
        Desk = new(_log, codec, ids);
        Merchants = new(Desk);
        Funds = new(Desk, Merchants, Known(_log), Clock);
        Covered = new(Desk, Funds, Clock);
        ChannelDirectory channels = new([new(Channel, new(Ledger.Channel.Sandbox, new(3800), default), null)]);
        var clearing = new ClearingQueries(Views);
        _newDesks = () =>
        {
            var volumes = new DayVolumes(new PaymentQueries(Views).VolumeMinor);
            var risk = new RiskDesk(_log, codec, ids, volumes, Clock);
            return (risk, new(Desk, Merchants, risk, volumes, channels, clearing, Covered, Clock));
        };
        (Risk, Payments) = _newDesks();
        var settlements = new SettlementDesk(Desk, Merchants, Risk, Funds, Channel, Clock);
        Refunds = new(Desk, Covered, channels, Clock);
        var (reconciliations, carrier) = (new ReconciliationQueries(Views), new DifferenceCarrier(Desk, Funds));
        Clearing = new(Desk, Projector, clearing, new(Views), settlements, Clock);
        var (days, expected) = (new DayStreams(_log, codec, ids), new ExpectedLines(new(Views), reconciliations));
        AdvanceRepayment advances = new(_log, codec, ids, days, clearing, Projector, Clock);
        Archive = new(_source);
        var flows = new FundFlowImport(days, Archive, new(Views), new(Views), channels, Clock);
        var bills = new BillImport(days, Projector, expected, Archive, new(Views), channels, flows, Clock);
        var sweep = new DifferenceSweep(carrier, new(Views), new(Views), Projector, Clock);
        Supplements missed = new(carrier, new(Views), sweep, Payments, Projector, Clock);
        Differences = new(carrier, new(Views), RefundNumbers, missed, Orders, Merchants, EachIsOne, Projector, Clock);
        Rules = new(Desk, new(Views), new(Views), new(Views), EachIsOne, Projector, Clock);
        Reconciliation = new(days, bills, advances, Archive, channels, flows, sweep, Clock);
        BankBooking booking = new(days, Desk, new(Views), reconciliations, advances, new(Views), Clock);
        Bank = new(_log, codec, ids, Projector, new(Views), booking, EachIsOne, Clock);
        Statements = new(_log, codec, ids, Archive, Bank, Clock);
        Days = new(Projector, Clearing, Reconciliation, flows, Bank, clearing, new(Views), new(Views),
            new(days, new(Views), new(Views), Projector, Clock), channels);
        Chase = new(new(Views), new(Views), new(Views), Payments, Refunds, settlements, Covered, missed, Clock);
        _projecting = Projector.Run(_stop.Token);
    }

    public HandClock Clock { get; } = new(Friday.Start.AddHours(12));
    public ScriptedChannel Channel { get; } = new();
    public Projector Projector { get; }
    public ViewDatabase Views { get; }
    public CommandDesk Desk { get; }
    public MerchantDesk Merchants { get; }
    public FundsDesk Funds { get; }
    public CoveredPayment Covered { get; }
    public RefundDesk Refunds { get; }
    public RiskDesk Risk { get; private set; }
    public PaymentDesk Payments { get; private set; }
    public ClearingRun Clearing { get; }
    public ReconciliationRun Reconciliation { get; }
    public BillArchive Archive { get; }
    public DifferenceDesk Differences { get; }
    public RefundNumbers RefundNumbers => new(new(Views), new(Views), Projector);
    public OrdersOfAnotherAmount Orders => new(new(Desk, Funds), Payments, Clock);
    public MatchingRuleDesk Rules { get; }
    public BankMatching Bank { get; }
    public BankExplanations Explanations =>
        new(_log, LedgerEvents.Codec, Desk.Ids, Projector, new(Views), Bank, EachIsOne, Clock);

    public StatementDesk Statements { get; }
    public DayClose Days { get; }
    public OutcomeChase Chase { get; }

    public IEventLog Log => _log;

    /// <summary>The same log as another process on this database has it.</summary>
    public PostgreSqlEventLog OtherProcess() => new(_database.AppConnection, Clock);

    /// <summary>Where it keeps the log and the views.</summary>
    public string Connection => _database.AppConnection;

    /// <summary>The same as whoever may make views again has it.</summary>
    public string OwnerConnection => _database.OwnerConnection;

    public KnownFunds Known(IEventLog log) => new(log, new FundsQueries(Views).Of);

    public static async Task<House> Open() => new(await TestDatabase.Create(
        SchemaModule.EventLog, new("views", typeof(Projections).Assembly, "Jifu.Ledger.ReadModels.Schema."),
        new("files", typeof(BillArchive).Assembly, "Jifu.Ledger.Operations.Reconciliation.Schema.")));

    /// <summary>The morning after a day with two payments: A1 of 10.00 and A2 of 20.00.</summary>
    public static async Task<House> Traded()
    {
        var house = await Open();
        await house.Register("m1", SettlementTerm.T1);
        await house.Pay("m1", "A1", 10_00);
        await house.Pay("m1", "A2", 20_00);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        await house.CatchUp();
        return house;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(_projecting);
        _stop.Dispose();
        Chase.Dispose();
        await _log.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    public async Task Register(string merchant, SettlementTerm term, RiskLimits? limits = null)
    {
        var register = new MerchantCommand.Register(
            merchant, $"account of {merchant}", new([new(Ledger.Channel.Sandbox, new(6000))], FeeOnRefund.Returned),
            term, limits ?? RiskLimits.None, [], Clock.Now);
        (await Merchants.Handle(new(merchant), register, By, default)).Rejection.ShouldBeNull();
    }

    public Task<PaymentOutcome> Order(string merchant, string orderNo, long fen) => Payments.Create(
        new(
            new(merchant), orderNo, new(fen, Currency.CNY), Ledger.Channel.Sandbox, PaymentProduct.Native, "tea", null,
            null, null, []),
        By, default);

    /// <summary>Orders a payment and lets the channel tell that it was paid.</summary>
    public async Task<PaymentId> Pay(string merchant, string orderNo, long fen)
    {
        var outcome = await Order(merchant, orderNo, fen);
        outcome.Refusal.ShouldBeNull();
        await Payments.Record(
            outcome.Id, new ChannelAnswer.Paid($"4200{orderNo}", new(fen, Currency.CNY), Clock.GetUtcNow()), By,
            default);
        return outcome.Id;
    }

    /// <summary>Forgets what risk remembers, as a restart of the server does.</summary>
    public void Restart() => (Risk, Payments) = _newDesks();

    public Task Tell<TEvent>(string category, string id, IReadOnlyList<TEvent> events) where TEvent : class =>
        Tell(new StreamName(category, id), events);

    private async Task Tell<TEvent>(StreamName stream, IReadOnlyList<TEvent> events) where TEvent : class
    {
        var history = await _log.Load<TEvent>(LedgerEvents.Codec, stream, default);
        await _log.TryAppend(LedgerEvents.Codec, Desk.Ids, stream, history.Version, events, By, default);
    }

    public async Task CatchUp() => await Projector.WaitFor(await _log.Head(default), default);

    /// <summary>A clock that shows what it was last set to.</summary>
    internal sealed class HandClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();
    }
}
