using Dapper;
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
        Databases databases, HomeFolder home, IServiceProvider given, CancellationToken cancellation)
    {
        List<HealthCheck> checks = [await DatabaseWritable(databases, cancellation), DiskFree(home)];
        checks.AddRange((given.GetService<Projector>()?.Status ?? []).Select(KeptUp));
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

    private static HealthCheck KeptUp(ProjectionStatus projection) => new(
        $"view_{projection.Name}", projection.Stopped is null && projection.Lag <= LagMax,
        projection.Stopped is null
            ? FormattableString.Invariant($"at {projection.Position}, {projection.Lag} behind")
            : FormattableString.Invariant($"stopped at {projection.Fault?.Position}, {projection.Lag} behind"));

    private static HealthCheck DiskFree(HomeFolder home)
    {
        var free = home.FreeBytes();
        return new("disk_free", free >= FreeBytesMin, FormattableString.Invariant($"{free >> 20} MiB"));
    }
}
