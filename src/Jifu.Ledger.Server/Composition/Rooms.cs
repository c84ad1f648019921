using System.Security.Cryptography;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Days;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Notices;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Operations.Risk;
using Jifu.Ledger.Operations.Settlement;
using Jifu.Ledger.Operations.Upkeep;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Channels;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Merchants;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.ReadModels.Reconciliation.Rules;
using Jifu.Ledger.ReadModels.Settlements;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Server.Api.Notices;
using Jifu.Ledger.Server.Evidence;
using Jifu.Ledger.Server.EventStoreFace;
using Jifu.Ledger.Server.Schedule;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Which class stands for what in this process: the log, the desks, the clock.</summary>
internal static class Rooms
{
    public static IServiceCollection AddLedger(
        this IServiceCollection services, ServerSettings settings, HomeFolder home, Databases databases) => services
        .AddSingleton(settings)
        .AddSingleton(home)
        .AddSingleton(_ => databases)
        .AddSingleton(TimeProvider.System)
        .AddSingleton(given => IdSource.TimeOrdered(given.GetRequiredService<TimeProvider>()))
        .AddSingleton(LedgerEvents.Codec)
        .AddLog(settings)
        .AddSingleton(given => new SnapshotShelf(
            databases.Durable, TimeProvider.System, given.GetRequiredService<ILogger<SnapshotShelf>>()))
        .AddSingleton<CommandDesk>()
        .AddSingleton<MerchantDesk>()
        .AddSingleton<DayVolumes>(given => new(given.GetRequiredService<PaymentQueries>().VolumeMinor))
        .AddSingleton<RiskDesk>()
        .AddViews()
        .AddDesks()
        .AddRuns()
        .AddNotices(settings)
        .AddChannels(settings, home, databases)
        .AddEvidence(settings.Evidence)
        .AddCopy(settings)
        .AddSchedule(settings)
        .AddFace(settings.Face)
        .AddSingleton<LogWatch>()
        .AddSingleton<IHostedService>(given => given.GetRequiredService<LogWatch>())
        .AddHostedService<Housekeeping>();

    private static IServiceCollection AddViews(this IServiceCollection services) => services
        .AddSingleton(given => new Projector(
            given.GetRequiredService<IEventLog>(), LedgerEvents.Codec, given.GetRequiredService<Databases>().Durable,
            Projections.All, TimeProvider.System, given.GetRequiredService<ILogger<Projector>>()))
        .AddSingleton<IHostedService>(given => new Loop(given.GetRequiredService<Projector>().Run))
        .AddSingleton(given => new ViewDatabase(given.GetRequiredService<Databases>().Durable))
        .AddSingleton<PaymentQueries>()
        .AddSingleton<PaymentTimeline>()
        .AddSingleton<JournalQueries>()
        .AddSingleton<ChannelLineQueries>()
        .AddSingleton<ClearingQueries>()
        .AddSingleton<OpenEndQueries>()
        .AddSingleton<FundsQueries>()
        .AddSingleton<SettlementQueries>()
        .AddSingleton<ReconciliationQueries>()
        .AddSingleton<DifferenceQueries>()
        .AddSingleton<RefundNumberQueries>()
        .AddSingleton<ArrivalQueries>()
        .AddSingleton<MatchingRuleQueries>()
        .AddSingleton<ImportQueries>()
        .AddSingleton<ThreeSidesQueries>()
        .AddSingleton<StatementQueries>()
        .AddSingleton<BankBalanceQueries>()
        .AddSingleton<UnsettledMoney>()
        .AddSingleton<MerchantQueries>();

    private static IServiceCollection AddDesks(this IServiceCollection services) => services
        .AddSingleton(given => new KnownFunds(
            given.GetRequiredService<IEventLog>(), given.GetRequiredService<FundsQueries>().Of))
        .AddSingleton<FundsDesk>()
        .AddSingleton<CoveredPayment>()
        .AddSingleton<PaymentDesk>()
        .AddSingleton<RefundDesk>()
        .AddSingleton<SettlementDesk>()
        .AddSingleton<OutcomeChase>()
        .AddSingleton<SkipDesk>();

    private static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<ClearingRun>()
        .AddSingleton<ExpectedLines>()
        .AddSingleton(given => new BillArchive(given.GetRequiredService<Databases>().Durable))
        .AddSingleton<DayStreams>()
        .AddSingleton<AdvanceRepayment>()
        .AddSingleton<FundFlowImport>()
        .AddSingleton<BillImport>()
        .AddSingleton<ReconciliationRun>()
        .AddSingleton<DifferenceCarrier>()
        .AddSingleton<DifferenceSweep>()
        .AddSingleton<RefundNumbers>()
        .AddSingleton<DifferenceDesk>()
        .AddSingleton<OrdersOfAnotherAmount>()
        .AddSingleton<DifferenceUpload>()
        .AddSingleton<DifferenceApprovals>()
        .AddSingleton<MatchingRuleDesk>()
        .AddSingleton<Supplements>()
        .AddSingleton<BankBooking>()
        .AddSingleton<BankMatching>()
        .AddSingleton<BankExplanations>()
        .AddSingleton<BankBalanceSheet>()
        .AddSingleton<StatementDesk>()
        .AddSingleton<DayAcceptance>()
        .AddSingleton<DayClose>()
        .AddSingleton<FinanceDownload>()
        .AddSingleton<LedgerReports>()
        .AddSingleton<OrderBillQueries>()
        .AddSingleton<MerchantBill>();

    // By the system's clock: merchants' servers know no other.
    private static IServiceCollection AddNotices(this IServiceCollection services, ServerSettings settings) => services
        .AddSingleton(given => new NoticeDesk(given.GetRequiredService<Databases>().Durable))
        .AddSingleton(given => new NoticeFollower(
            given.GetRequiredService<IEventLog>(), given.GetRequiredService<Databases>().Durable, TimeProvider.System,
            given.GetRequiredService<ILogger<NoticeFollower>>()))
        .AddSingleton(given => new NoticeSender(
            given.GetRequiredService<Databases>().Durable, new AddressGuard(settings.AllowPrivateNotifyAddresses),
            (merchant, _) => Task.FromResult<byte[]?>(given.GetRequiredService<NoticeSecrets>().Of(merchant)),
            () => RandomNumberGenerator.GetInt32(1 << 30) / (double)(1 << 30), TimeProvider.System,
            given.GetRequiredService<ILogger<NoticeSender>>()))
        .AddSingleton<IHostedService>(given => new Loop(given.GetRequiredService<NoticeFollower>().Run))
        .AddSingleton<IHostedService>(given => new Loop(given.GetRequiredService<NoticeSender>().Run));
}
