using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.EventLog.Search;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Past;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>What auditors ask with. All of it reads, none of it writes.</summary>
internal static class AuditTools
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<IEventSearch>(given => given.GetRequiredService<IEventLog>() is PostgreSqlEventLog
            ? new PostgreSqlEventSearch(given.GetRequiredService<Databases>().Durable)
            : new EventScan(given.GetRequiredService<IEventLog>()))
        .AddSingleton(given => new ViewCatalogue(given.GetRequiredService<Databases>().Durable))
        .AddSingleton<AccountStory>()
        .AddSingleton<LogPoints>()
        .AddSingleton<JournalReach>()
        .AddSingleton<PastRoom>();

    public static void MapAudit(this IEndpointRouteBuilder v1)
    {
        v1.MapEvents();
        v1.MapAccounts();
        v1.MapViews();
        v1.MapDiff();
    }
}
