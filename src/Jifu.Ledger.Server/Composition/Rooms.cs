using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Risk;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Which class stands for what in this process: the log, the desks, the clock.</summary>
internal static class Rooms
{
    public static IServiceCollection AddLedger(this IServiceCollection services, ServerSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton(new HomeFolder(settings.Home))
        .AddSingleton(_ => Databases.Of(settings.Ledger))
        .AddSingleton(TimeProvider.System)
        .AddSingleton(given => IdSource.TimeOrdered(given.GetRequiredService<TimeProvider>()))
        .AddSingleton(LedgerEvents.Codec)
        .AddSingleton<IEventLog>(given => new PostgreSqlEventLog(
            settings.Ledger, TimeProvider.System, null, given.GetRequiredService<ILogger<PostgreSqlEventLog>>()))
        .AddSingleton<CommandDesk>()
        .AddSingleton<MerchantDesk>()
        .AddSingleton<DayVolumes>(_ => new((_, _, _, _) => throw new NotSupportedException(
            "Volumes of days come from the read models, which are not joined here yet.")))
        .AddSingleton<RiskDesk>()
        .AddHostedService<Housekeeping>();
}
