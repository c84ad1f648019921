using System.Globalization;
using System.Text;
using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;
using Jifu.Ledger.TestKit;
using Jifu.Ledger.Upkeep;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>A company with a log and read models, whose events come from the domain's own rules.</summary>
internal sealed class Company : IAsyncDisposable
{
    public static readonly SchemaModule Schema =
        new("views", typeof(Projections).Assembly, "Jifu.Ledger.ReadModels.Schema.");

    public static readonly BusinessDay Friday = new(new(2026, 11, 20));
    public static readonly DateTimeOffset Noon = Friday.Start.AddHours(12);

    private static readonly EventMetadata By = new("test", "test");
    private readonly TestDatabase _database;
    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);

    private Company(TestDatabase database)
    {
        _database = database;
        Log = new(database.AppConnection, TimeProvider.System);
        Source = NpgsqlDataSource.Create(database.AppConnection);
        Owner = NpgsqlDataSource.Create(database.OwnerConnection);
        Projector = ProjectorOf(Projections.All, LedgerEvents.Codec, NullLogger<Projector>.Instance);
        Views = new(Source);
        Rebuild = new(Log, LedgerEvents.Codec, Owner, TimeProvider.System);
    }

    public string OwnerConnection => _database.OwnerConnection;
    public string AppConnection => _database.AppConnection;
    public string SuperuserConnection => _database.SuperuserConnection;
    public PostgreSqlEventLog Log { get; }
    public NpgsqlDataSource Source { get; }
    public NpgsqlDataSource Owner { get; }
    public Projector Projector { get; }
    public ViewDatabase Views { get; }
    public Rebuild Rebuild { get; }

    /// <summary>One whose database has no read models yet.</summary>
    public static async Task<Company> WithoutViews() => new(await TestDatabase.Create(SchemaModule.EventLog));

    public static async Task<Company> Found() => new(await TestDatabase.Create(SchemaModule.EventLog, Schema));

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await Source.DisposeAsync();
        await Owner.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Ends the read models' connections, as a restart of PostgreSQL does.</summary>
    public async Task EndConnections()
    {
        await using var source = NpgsqlDataSource.Create(_database.SuperuserConnection);
        await using var end = source.CreateCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            + "AND application_name <> 'jifu event log'");
        await end.ExecuteNonQueryAsync();
    }

    /// <summary>Ends the sessions that hold an advisory lock, but the log's own.</summary>
    public async Task<long> EndLockHolders()
    {
        await using var source = NpgsqlDataSource.Create(_database.SuperuserConnection);
        await using var end = source.CreateCommand(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM (SELECT DISTINCT pid FROM pg_locks "
            + "JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND datname = current_database() "
            + "AND application_name <> 'jifu event log') AS holders");
        return (long)(await end.ExecuteScalarAsync())!;
    }

    public async Task CatchUp()
    {
        await Projector.CatchUp(default);
        Projector.Status.Select(status => status.Stopped).OfType<string>().ShouldBeEmpty();
    }

    public Projector ProjectorOf(
        IReadOnlyList<IProjection> projections, EventCodec codec, ILogger<Projector> logger) =>
        new(Log, codec, Source, projections, TimeProvider.System, logger);

    public Task Skip(string projection, long position) => Tell<ProjectionEvent>(
        "projection", projection,
        new ProjectionEvent.EventSkipped(projection, position, "payment.created", "test", Noon));

    /// <summary>Writes an event that no rule has made.</summary>
    public Task Append(string category, string id, string type, string payload) => Log.Append(
        new(category, id), -1, [new(_ids.Next(), type, Encoding.UTF8.GetBytes(payload))], By, default);

    public async Task Execute(string sql)
    {
#pragma warning disable CA2100 // Of the tests themselves.
        await using var command = Owner.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Changes the log behind everybody's back, as only who owns the database can.</summary>
    public async Task Tamper(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database.SuperuserConnection);
#pragma warning disable CA2100 // Of the tests themselves.
        await using var command = source.CreateCommand($"""
            ALTER TABLE log.events DISABLE TRIGGER append_only; {sql};
            ALTER TABLE log.events ENABLE ALWAYS TRIGGER append_only
            """);
#pragma warning restore CA2100
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    public async Task<long> Number(string sql)
    {
#pragma warning disable CA2100 // Of the tests themselves.
        await using var command = Owner.CreateCommand(sql);
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async Task Tell<TEvent>(string category, string id, params TEvent[] events) where TEvent : class
    {
        var stream = new StreamName(category, id);
        var history = await Log.Load<TEvent>(LedgerEvents.Codec, stream, default);
        await Log.TryAppend(LedgerEvents.Codec, _ids, stream, history.Version, events, By, default);
    }

    public Task Register(string merchant, SettlementTerm term = SettlementTerm.T1) => Tell<MerchantEvent>(
        "merchant", merchant, new MerchantEvent.Registered(merchant, $"account of {merchant}", Noon),
        new MerchantEvent.SettlementTermSet(term, Noon));

    /// <summary>A payment of 0.6 % fee and 0.38 % cost that the payer has paid.</summary>
    public async Task<PaymentId> Pay(
        string merchant, string orderNo, long fen, BusinessDay day, params SplitRule[] split)
    {
        var order = new PaymentOrder(
            new(merchant), orderNo, new(fen, Currency.CNY), Channel.Sandbox, PaymentProduct.Native, "tea", null, null,
            null, split.ToValueList());
        var quote = FeeQuote.For(
            order.Amount, new(6000), FeeOnRefund.Returned,
            new(Channel.Sandbox, new(3800), FeeOnRefund.Returned));
        var shares = split is [] ? [] : Split.Plan(split, order.Amount, order.Amount - quote.Fee, out _);
        var id = PaymentId.Of(order.Merchant, orderNo);
        var at = day.Start.AddHours(9);
        await Do(id, new PaymentCommand.Create(order, new(quote, shares, day), new(true, []), at));
        await Do(id, new PaymentCommand.Accept("code", at));
        await Do(id, new PaymentCommand.Succeed($"ch{orderNo}", order.Amount, at, day, at));
        return id;
    }

    public async Task Refund(PaymentId id, string refund, long fen, BusinessDay day, bool fails = false)
    {
        await RequestRefund(id, refund, fen, day);
        await EndRefund(id, refund, fen, day, fails);
    }

    public Task RequestRefund(PaymentId id, string refund, long fen, BusinessDay day) =>
        Do(id, new PaymentCommand.RequestRefund(
            new(refund), new(fen, Currency.CNY), "cold", null, day, day.Start.AddHours(10)));

    public Task EndRefund(PaymentId id, string refund, long fen, BusinessDay day, bool fails = false)
    {
        var at = day.Start.AddHours(10);
        return Do(id, fails
            ? new PaymentCommand.FailRefund(new(refund), "no", "no", day, at)
            : new PaymentCommand.ConfirmRefund(new(refund), $"rf{refund}", new(fen, Currency.CNY), at, day, at));
    }

    public async Task Cancel(PaymentId id, BusinessDay day)
    {
        await Do(id, new PaymentCommand.RequestCancel("wrong", day, day.Start.AddHours(11)));
        await Do(id, new PaymentCommand.ConfirmCancel("rv", day, day.Start.AddHours(11)));
    }

    public Task Open(BatchId batch, BusinessDay day) => Tell<ClearingEvent>(
        "clearing", batch.Value,
        new ClearingEvent.Opened(Channel.Sandbox, day, SettlementTerm.T1, 1, [], day.Next.Start));

    public Task Clear(BatchId batch, BusinessDay day, IReadOnlyList<MerchantPosition> positions) => Tell(
        "clearing", batch.Value, positions.Select(position => (ClearingEvent)new ClearingEvent.MerchantCleared(
            batch, Channel.Sandbox, day, SettlementTerm.T1, position, day.Next.Start)).ToArray());

    private async Task Do(PaymentId id, PaymentCommand command)
    {
        var stream = new StreamName("payment", id.Value);
        var history = await Log.Load<PaymentEvent>(LedgerEvents.Codec, stream, default);
        var decision = PaymentRules.Decide(PaymentHistory.Of(history.Events), command);
        decision.Rejection.ShouldBeNull();
        await Log.TryAppend(LedgerEvents.Codec, _ids, stream, history.Version, decision.Events, By, default);
    }
}
