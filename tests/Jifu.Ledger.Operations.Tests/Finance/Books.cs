using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Channels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Finance;

/// <summary>The books of a small company, kept by the domain's own rules on a real log at a clock that stands
/// still.</summary>
internal sealed class Books : IAsyncDisposable
{
    public static readonly BusinessDay Friday = new(new(2026, 11, 20));

    private static readonly EventMetadata By = new("test", "test");
    private static readonly RiskDecision Passed = new(true, []);
    private static readonly ChannelTerms Cost = new(Channel.Sandbox, new(3800), FeeOnRefund.Returned);

    private readonly TestDatabase _database;
    private readonly PostgreSqlEventLog _log;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _owner;
    private readonly CommandDesk _desk;
    private readonly Projector _projector;
    private readonly ClearingQueries _clearing;

    private Books(TestDatabase database)
    {
        _database = database;
        _log = new(database.AppConnection, Clock);
        _source = NpgsqlDataSource.Create(database.AppConnection);
        _owner = NpgsqlDataSource.Create(database.OwnerConnection);
        _desk = new(_log, LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System));
        _projector = new(
            _log, LedgerEvents.Codec, _source, Projections.All, TimeProvider.System, NullLogger<Projector>.Instance);
        Views = new(_source);
        _clearing = new(Views);
    }

    public ViewDatabase Views { get; }

    public StandingClock Clock { get; } = new(Friday.Next.Start.AddHours(9));

    public static async Task<Books> Open() => new(await TestDatabase.Create(
        SchemaModule.EventLog, new("views", typeof(Projections).Assembly, "Jifu.Ledger.ReadModels.Schema.")));

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _source.DisposeAsync();
        await _owner.DisposeAsync();
        await _database.DisposeAsync();
    }

    public async Task Project()
    {
        await _projector.CatchUp(default);
        _projector.Status.Select(status => status.Stopped).OfType<string>().ShouldBeEmpty();
    }

    /// <summary>Makes every read model again from the log.</summary>
    public async Task Rebuild()
    {
        var rebuild = new Rebuild(_log, LedgerEvents.Codec, _owner, TimeProvider.System);
        await rebuild.Run(Projections.All, new Progress<(long, long)>(), default);
    }

    /// <summary>A payment of 0.6 % fee and 0.38 % cost that the payer has paid.</summary>
    public async Task<PaymentId> Pay(
        string merchant, string orderNo, long fen, DateTimeOffset at, params SplitRule[] split)
    {
        var order = new PaymentOrder(
            new(merchant), orderNo, Yuan(fen), Channel.Sandbox, PaymentProduct.Native, "tea", null, null, null,
            split.ToValueList());
        var quote = FeeQuote.For(order.Amount, new(6000), FeeOnRefund.Returned, Cost);
        var shares = split is [] ? [] : Split.Plan(split, order.Amount, order.Amount - quote.Fee, out _);
        var id = PaymentId.Of(order.Merchant, orderNo);
        var day = BusinessDay.Of(at);
        await Do(id, new PaymentCommand.Create(order, new(quote, shares, day), Passed, at));
        await Do(id, new PaymentCommand.Succeed($"4200{fen:00000000}", order.Amount, at, day, at));
        return id;
    }

    public async Task Refund(PaymentId id, string refund, long fen, DateTimeOffset at)
    {
        var day = BusinessDay.Of(at);
        await Do(id, new PaymentCommand.RequestRefund(new(refund), Yuan(fen), "cold", null, day, at));
        await Do(id, new PaymentCommand.ConfirmRefund(new(refund), $"5030{fen:00000000}", Yuan(fen), at, day, at));
    }

    public async Task Cancel(PaymentId id, DateTimeOffset at)
    {
        await Do(id, new PaymentCommand.RequestCancel("wrong", BusinessDay.Of(at), at));
        await Do(id, new PaymentCommand.ConfirmCancel("rv", BusinessDay.Of(at), at));
    }

    public Task GiveShare(PaymentId id, SplitRule rule, DateTimeOffset at) => Do(
        id, new PaymentCommand.MakeSplit(new("late"), [rule], BusinessDay.Of(at), at));

    /// <summary>Clears the day for everybody and orders what came of it.</summary>
    public async Task Clear(BusinessDay day)
    {
        var batch = ClearingBatch.IdOf(Channel.Sandbox, day, SettlementTerm.T1, 1);
        var at = day.Next.Start.AddHours(1);
        Task Run(ClearingCommand command) => Handle(Aggregates.Clearing, batch.Value, command);
        await Run(new ClearingCommand.Open(Channel.Sandbox, day, SettlementTerm.T1, 1, [], day.Next, at));
        await Project();
        var positions = await _clearing.PositionsOf(batch, default);
        await Run(new ClearingCommand.Clear(batch, positions, at));
        await Run(new ClearingCommand.Close(at));
        foreach (var position in positions.Where(position => position.Payable.IsPositive))
        {
            var id = SettlementOrder.IdOf(batch, position.Merchant, Currency.CNY);
            var order = new SettlementEvent.Ordered(
                position.Merchant, batch, Channel.Sandbox, day, SettlementTerm.T1, position.Payable,
                $"6222021234567890123 {position.Merchant}", at);
            await Handle(Aggregates.Settlements, id.Value, new SettlementCommand.Order(order, Passed));
        }

        await Project();
    }

    /// <summary>Pays a settlement order of a day out, on the day after.</summary>
    public async Task PayOut(BusinessDay day, string merchant)
    {
        var batch = ClearingBatch.IdOf(Channel.Sandbox, day, SettlementTerm.T1, 1);
        var id = SettlementOrder.IdOf(batch, new(merchant), Currency.CNY);
        var at = day.Next.Start.AddHours(10);
        await Handle(Aggregates.Settlements, id.Value, new SettlementCommand.Send(id, day.Next, at));
        await Handle(Aggregates.Settlements, id.Value, new SettlementCommand.Confirm($"{id}_1", "bank1", day.Next, at));
    }

    /// <summary>Reconciles the day with a bill that differs from our lines by the given events only.</summary>
    /// <param name="theirs">What the bill nets to.</param>
    public async Task Reconcile(BusinessDay day, long theirs, params ReconciliationEvent[] found)
    {
        var lines = await new ChannelLineQueries(Views).OfDay(Channel.Sandbox, day, default);
        var ours = lines.Sum(line => (line.Kind == "payment" ? line.AmountMinor : -line.AmountMinor) - line.FeeMinor);
        var at = day.Next.Start.AddHours(8);
        await Tell(day, [
            new ReconciliationEvent.BillImported(
                Channel.Sandbox, day, "bill.csv", "0", lines.Count, Yuan(0), Yuan(0), Yuan(0), at),
            .. found,
            new ReconciliationEvent.Completed(
                Channel.Sandbox, day, lines.Count, found.Length, 0, 0, Yuan(theirs), Yuan(ours), at)]);
    }

    public Task Receive(BusinessDay day, long fen) => Tell(day, new ReconciliationEvent.FundsReceived(
        Channel.Sandbox, day, Yuan(fen), Yuan(0), "bank", day.Next.Start.AddHours(9)));

    public static Money Yuan(long fen) => new(fen, Currency.CNY);

    private async Task Tell(BusinessDay day, params ReconciliationEvent[] events)
    {
        var stream = new StreamName("reconciliation", $"sandbox_{day}");
        var history = await _log.Load<ReconciliationEvent>(LedgerEvents.Codec, stream, default);
        await _log.TryAppend(LedgerEvents.Codec, _desk.Ids, stream, history.Version, events, By, default);
        await Project();
    }

    private Task Do(PaymentId id, PaymentCommand command) => Handle(Aggregates.Payments, id.Value, command);

    private async Task Handle<TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, string id, TCommand command)
        where TState : class where TEvent : class where TRejection : struct, Enum =>
        (await _desk.Handle(aggregate, id, command, By, default)).Rejection.ShouldBeNull();

    /// <summary>A clock that shows one moment.</summary>
    internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
    }
}
