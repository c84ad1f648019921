using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Health;

/// <summary>One thing that must be so before requests are sent here.</summary>
/// <param name="Detail">Figures for people; nothing about how we are configured.</param>
internal sealed record HealthCheck(string Name, bool Ok, string Detail);

/// <summary>What a load balancer and a person want to know.</summary>
internal sealed record HealthView(string Status, IReadOnlyList<HealthCheck> Checks);

/// <summary>Whether the process lives, and whether it can take payments.</summary>
internal static class HealthEndpoints
{
    private const long FreeBytesMin = 256L << 20;

    // Some seconds of a full load: figures are that old at most while payments go on.
    private const long LagMax = 50_000;

    // EventStoreDB counts positions in bytes, about so many an event.
    private const long EventBytes = 1_000;

    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(3);

    // The beat alone finds room in the page that it has; a payment needs new ones. A sort that does not fit into memory
    // writes about four MiB to the database's disk, and leaves nothing behind.
    private const string SpillToDisk = """
        SELECT set_config('work_mem', '64kB', true);
        SELECT max(filler) FROM (
            SELECT n || repeat('x', 1000) AS filler FROM generate_series(1, 4000) AS n ORDER BY 1 OFFSET 0) AS sorted
        """;

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => new HealthView("ok", [])).ExcludeFromDescription();
        app.MapGet("/health/ready", Ready).ExcludeFromDescription();
    }

    private static async Task<IResult> Ready(
        Databases databases, HomeFolder home, ServerSettings settings, IServiceProvider given,
        CancellationToken cancellation)
    {
        List<HealthCheck> checks = [await DatabaseWritable(databases, cancellation), DiskFree(home)];
        if (settings.EventStore is not null)
            checks.Add(await LogLed(given.GetRequiredService<IEventLog>(), cancellation));
        else if (checks[0].Ok)
            checks.Add(await LogWritable(databases, cancellation));
        var lagMax = settings.EventStore is null ? LagMax : LagMax * EventBytes;
        checks.AddRange((given.GetService<Projector>()?.Status ?? []).Select(status => KeptUp(status, lagMax)));
        var ok = checks.All(check => check.Ok);
        return Results.Json(new HealthView(ok ? "ok" : "unready", checks), statusCode: ok ? 200 : 503);
    }

    private static async Task<HealthCheck> DatabaseWritable(Databases databases, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await databases.Quick.OpenConnectionAsync(cancellation);
            await connection.ExecuteAsync(new(SpillToDisk, cancellationToken: cancellation));
            var files = await connection.ExecuteScalarAsync<long>(new("""
                WITH beat AS (UPDATE app.heartbeat SET beat_at = now())
                SELECT count(*) FROM public.schema_migration
                """, cancellationToken: cancellation));
            return new("database_writable", true, FormattableString.Invariant($"{files} schema files"));
        }
        catch (NpgsqlException)
        {
            return new("database_writable", false, "no answer, or no writes");
        }
    }

    // The beat is another table's: somebody may hold the log alone.
    private static async Task<HealthCheck> LogWritable(Databases databases, CancellationToken cancellation)
    {
        try
        {
            var obstacle = await LogGate.Obstacle(databases.Quick, cancellation);
            return new("event_log", obstacle is null, obstacle ?? "takes events");
        }
        catch (NpgsqlException)
        {
            return new("event_log", false, "no answer");
        }
    }

    // The head is asked of the leader: a cluster without one takes no payments.
    private static async Task<HealthCheck> LogLed(IEventLog log, CancellationToken cancellation)
    {
        try
        {
            var head = await log.Head(cancellation).WaitAsync(LogPatience, TimeProvider.System, cancellation);
            return new("event_log", true, FormattableString.Invariant($"at {head}"));
        }
        catch (Exception e) when (e is EventLogUnavailableException or TimeoutException or InvalidOperationException)
        {
            return new("event_log", false, "no answer from a leader");
        }
    }

    private static HealthCheck KeptUp(ProjectionStatus projection, long lagMax) => new(
        $"view_{projection.Name}", projection.Stopped is null && projection.Lag <= lagMax,
        projection.Stopped is null
            ? FormattableString.Invariant($"at {projection.Position}, {projection.Lag} behind")
            : FormattableString.Invariant($"stopped at {projection.Fault?.Position}, {projection.Lag} behind"));

    private static HealthCheck DiskFree(HomeFolder home)
    {
        var free = home.FreeBytes();
        return new("disk_free", free >= FreeBytesMin, FormattableString.Invariant($"{free >> 20} MiB"));
    }
}
