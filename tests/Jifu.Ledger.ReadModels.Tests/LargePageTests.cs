using Jifu.Ledger.EventLog;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>A page far from the log's end is written by two connections: what becomes of it when one of them
/// fails.</summary>
public class LargePageTests
{
    private const int Payments = 1_100;

    private static readonly BusinessDay Friday = Company.Friday;

    [Fact]
    public async Task A_row_that_one_view_cannot_take_stops_that_view_alone_and_nothing_counts_twice()
    {
        await using var company = await Traded();
        await company.Execute("ALTER TABLE views.channel_line ADD CONSTRAINT no_tea CHECK (amount_minor <> 700)");
        await company.Projector.CatchUp(default);
        company.Projector.Status.Where(one => one.Stopped is not null).Select(one => one.Name)
            .ShouldBe(["channel_lines"]);

        await company.Execute("ALTER TABLE views.channel_line DROP CONSTRAINT no_tea");
        await ShouldBeWhatTheLogSays(company);
    }

    [Theory]
    [InlineData("journal_line")]
    [InlineData("channel_line")]
    public async Task A_connection_that_is_lost_leaves_the_other_ones_part_and_nothing_counts_twice(string table)
    {
        await using var company = await Traded();
        await company.Execute($"""
            CREATE FUNCTION public.crash() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_terminate_backend(pg_backend_pid());
                RETURN NULL;
            END $$;
            GRANT EXECUTE ON FUNCTION public.crash TO jifu_app;
            CREATE TRIGGER crash AFTER INSERT ON views.{table} FOR EACH STATEMENT EXECUTE FUNCTION public.crash();
            """);
        await Should.ThrowAsync<NpgsqlException>(company.Projector.CatchUp(default));
        await company.Execute($"DROP TRIGGER crash ON views.{table}");
        await ShouldBeWhatTheLogSays(company);
    }

    // As after a restart: what has stopped tries again.
    private static async Task ShouldBeWhatTheLogSays(Company company)
    {
        var restarted = company.ProjectorOf(Projections.All, LedgerEvents.Codec, NullLogger<Projector>.Instance);
        await restarted.CatchUp(default);
        restarted.Status.ShouldAllBe(one => one.Stopped == null && one.Lag == 0);
        (await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default)).Identical.ShouldBeTrue();
        (await company.Number("SELECT count(*) FROM views.channel_line")).ShouldBe(Payments);
    }

    private static async Task<Company> Traded()
    {
        var company = await Company.Found();
        await company.Register("m1");
        await Parallel.ForAsync(0, Payments, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (n, _) =>
            await company.Pay("m1", $"{n}", n + 1, Friday));
        (await company.Log.Head(default)).ShouldBeGreaterThan(3_000);
        return company;
    }
}
