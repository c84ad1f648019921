using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Risk;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.Benchmarks;

/// <summary>The rooms of the server without HTTP: log, desks and read models, put together as the server does it, on a
/// durable database of its own.</summary>
internal sealed class LedgerUnderLoad : IAsyncDisposable
{
    public const int Merchants = 20;

    private static readonly SchemaModule Views =
        new("views", typeof(Projections).Assembly, "Jifu.Ledger.ReadModels.Schema.");

    private static readonly EventMetadata By = new("benchmark", "benchmark");

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CommandDesk _desk;
    private readonly RiskDesk _risk;
    private readonly PaymentDesk _payments;
    private readonly MerchantDesk _merchants;

    private LedgerUnderLoad(TestDatabase database)
    {
        Database = database;
        Log = new(database.AppConnection, _time);
        Source = Settings(database.AppConnection);
        Owner = Settings(database.OwnerConnection);
        Ids = IdSource.TimeOrdered(_time);
        var codec = LedgerEvents.Codec;
        var desk = _desk = new CommandDesk(Log, codec, Ids);
        _merchants = new(desk);
        var volumes = new DayVolumes(new PaymentQueries(new(Source)).VolumeMinor);
        var risk = _risk = new RiskDesk(Log, codec, Ids, volumes, _time);
        var terms = new ChannelTerms(Channel.Sandbox, new(3800), FeeOnRefund.Returned);
        var channels = new ChannelDirectory([new(new InstantChannel(_time), terms, null)]);
        Funds = new(desk, _merchants, new(Log, new FundsQueries(new(Source)).Of), _time);
        _payments = new(desk, _merchants, risk, volumes, channels, new(new(Source)), new(desk, Funds, _time), _time);
        Projector = ProjectorOf(Projections.All);
    }

    public TestDatabase Database { get; }
    public PostgreSqlEventLog Log { get; }
    public FundsDesk Funds { get; }
    public IdSource Ids { get; }
    public NpgsqlDataSource Source { get; }
    public NpgsqlDataSource Owner { get; }
    public Projector Projector { get; }

    /// <summary>With merchants registered and open to the channel.</summary>
    public static async Task<LedgerUnderLoad> Open(TestCluster cluster)
    {
        var ledger = new LedgerUnderLoad(await TestDatabase.Create(cluster, [SchemaModule.EventLog, Views]));
        var now = ledger._time.GetUtcNow();
        var plan = new FeePlan([new(Channel.Sandbox, new(6000))], FeeOnRefund.Returned);
        for (var i = 0; i < Merchants; i++)
        {
            await ledger.Tell(i, new MerchantCommand.Register(
                $"merchant {i}", $"account {i}", plan, SettlementTerm.T1, RiskLimits.None, [], now));
        }

        return ledger;
    }

    /// <summary>Makes a payment and has it paid.</summary>
    public async Task Pay(int merchant, string orderNo)
    {
        var outcome = await _payments.Create(Order(merchant, orderNo), By, default);
        if (outcome is not { Refusal: null, Payment: Jifu.Ledger.Payments.Payment.Paid })
            throw new InvalidOperationException($"{outcome}");
    }

    public static PaymentOrder Order(int merchant, string orderNo) => new(
        MerchantOf(merchant), orderNo, new(12_34, Currency.CNY), Channel.Sandbox, PaymentProduct.Native, "tea", null,
        null, null, []);

    public Projector ProjectorOf(IReadOnlyList<IProjection> projections) =>
        new(Log, LedgerEvents.Codec, Source, projections, _time, NullLogger<Projector>.Instance);

    /// <summary>The clearing run of the server, up to where it begins to order settlements.</summary>
    public ClearingRun ClearingUntil(UntilSettlements end) => new(
        _desk, Projector, Cleared, new(new(Source)), new(_desk, _merchants, _risk, Funds, end, end), _time);

    /// <summary>What was cleared.</summary>
    public ClearingQueries Cleared => new(new(Source));

    public async Task Execute(string sql)
    {
#pragma warning disable CA2100 // Of the benchmarks themselves.
        await using var command = Owner.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await Source.DisposeAsync();
        await Owner.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static MerchantId MerchantOf(int merchant) => new($"m{merchant % Merchants}");

    private async Task Tell(int merchant, MerchantCommand command)
    {
        var handled = await _merchants.Handle(MerchantOf(merchant), command, By, default);
        if (handled.Rejection is { } rejection)
            throw new InvalidOperationException($"{rejection}");
    }

    // As the server opens its connections.
    private static NpgsqlDataSource Settings(string connection) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection)
        {
            MaxPoolSize = 16,
            NoResetOnClose = true,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
            CommandTimeout = 300,
            Enlist = false,
        });
}
