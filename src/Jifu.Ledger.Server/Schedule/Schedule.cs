using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Server.Evidence;
using Npgsql;
using Quartz;

namespace Jifu.Ledger.Server.Schedule;

/// <summary>What happens because the clock moved: kept in PostgreSQL by Quartz.NET, so that of several servers one does
/// it, and a server that was down does it when it is back.</summary>
/// <remarks>When a job fires decides nothing: each looks at what is recorded and does what is due. The named package
/// for this is Hangfire; see docs/decisions.</remarks>
internal static class Schedule
{
    public const string Name = "jifu";

    // Bills are there some hours after midnight; a day that is closed already costs a look.
    private const string EveryTenMinutes = "0 0/10 * * * ?";
    private const string EveryTenSeconds = "0/10 * * * * ?";
    private const string AtNight = "0 40 3 * * ?";

    public static IServiceCollection AddSchedule(this IServiceCollection services, ServerSettings settings)
    {
        services.AddQuartz(Name, quartz =>
        {
            // The sandbox's clock leaps; the schedule must not.
            quartz.UseTimeProvider(TimeProvider.System);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, ConnectionTo(settings.Ledger));
                store.UseSystemTextJsonSerializer();
                store.UseClustering();
                store.ProvisionSchema();
            });
            Every<CloseDays>(quartz, EveryTenMinutes);
            Every<ChaseOutcomes>(quartz, EveryTenSeconds);
            Every<TakeCheckpoint>(quartz, $"30 0/{settings.Evidence.EveryMinutes} * * * ?");
            Every<CheckLog>(quartz, AtNight);
        });
        return services.AddHostedService<Clockwork>();
    }

    // A firing that was missed is made up for once, not once for each time.
    private static void Every<TJob>(IQuartzBuilder quartz, string cron) where TJob : IJob
    {
        var name = SnakeCase.Of(typeof(TJob).Name);
        quartz.AddJob<TJob>(job => job.WithIdentity(name).StoreDurably());
        quartz.AddTrigger(trigger => trigger.ForJob(name).WithIdentity(name).WithCronSchedule(
            cron, schedule => schedule.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"))
                .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)));
    }

    internal static string ConnectionTo(string ledger) => new NpgsqlConnectionStringBuilder(ledger)
    {
        ApplicationName = "jifu schedule",
        SearchPath = "quartz",
        Options = SilentClient.EndedOptions,
        KeepAlive = 10,
        MaxPoolSize = 8,
        MinPoolSize = 0,
    }.ConnectionString;
}
