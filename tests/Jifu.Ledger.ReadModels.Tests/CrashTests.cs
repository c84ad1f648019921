using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Settlement;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>A crash between any two statements of a page counts nothing twice and loses nothing. F35.</summary>
public class CrashTests
{
    private static readonly BusinessDay Friday = Company.Friday;

    // Ends its own connection before the nth statement that writes to a view, and before the commit.
    private const string Crashes = """
        CREATE SEQUENCE public.statement;
        CREATE TABLE public.crash (at bigint NOT NULL);
        INSERT INTO public.crash VALUES (0);
        GRANT USAGE ON SEQUENCE public.statement TO jifu_app;
        GRANT SELECT ON public.crash TO jifu_app;
        CREATE FUNCTION public.crash() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('public.statement') = (SELECT at FROM public.crash) THEN
                PERFORM pg_terminate_backend(pg_backend_pid());
            END IF;
            RETURN NULL;
        END $$;
        GRANT EXECUTE ON FUNCTION public.crash TO jifu_app;
        CREATE CONSTRAINT TRIGGER crash_at_commit AFTER UPDATE ON views.checkpoint
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.crash();
        """;

    [Fact]
    public async Task A_crash_before_any_statement_or_the_commit_leaves_the_rows_of_an_undisturbed_run()
    {
        await using var company = await Company.Found();
        await Trade(company);
        await company.CatchUp();
        var undisturbed = await Rows(company);
        await company.Execute(Crashes + string.Concat(Tables.Append("checkpoint").Select(table =>
            $"CREATE TRIGGER crash BEFORE INSERT OR UPDATE OR DELETE ON views.{table} "
            + "FOR EACH STATEMENT EXECUTE FUNCTION public.crash();")));

        var crashes = 0;
        while (await CrashedAt(company, crashes + 1))
        {
            crashes++;
            await company.Execute("UPDATE public.crash SET at = 0");
            await company.Projector.CatchUp(default);
            (await Rows(company)).ShouldBe(undisturbed, $"after a crash at {crashes}");
        }

        (await Rows(company)).ShouldBe(undisturbed);
        crashes.ShouldBeGreaterThan(10);
    }

    private static IEnumerable<string> Tables => Projections.All.SelectMany(projection => projection.Tables);

    private static async Task Trade(Company company)
    {
        await company.Register("m1");
        var paid = await company.Pay("m1", "1", 100_00, Friday);
        await company.Pay("m2", "2", 50_00, Friday);
        await company.Refund(paid, "r1", 10_00, Friday);
        await company.Cancel(await company.Pay("m1", "3", 1_00, Friday), Friday);
        await company.Open(ClearingBatch.IdOf(Channel.Sandbox, Friday, SettlementTerm.T1, 1), Friday);
    }

    private static async Task<bool> CrashedAt(Company company, int statement)
    {
        await company.Execute(
            $"""
            TRUNCATE {string.Join(", ", Tables.Select(table => $"views.{table}"))};
            TRUNCATE views.checkpoint;
            """);
        var started = company.ProjectorOf(
            Projections.All, LedgerEvents.Codec, NullLogger<Projector>.Instance);

        // The start itself writes checkpoints; the page follows.
        await company.Execute("INSERT INTO views.checkpoint SELECT unnest(ARRAY["
            + string.Join(", ", Projections.All.Select(projection => $"'{projection.Name}'")) + "]), -1");
        await company.Execute(
            $"UPDATE public.crash SET at = (SELECT last_value FROM public.statement) + 1 + {statement}");
        try
        {
            await started.CatchUp(default);
            return false;
        }
        catch (NpgsqlException)
        {
            return true;
        }
    }

    private static async Task<string> Rows(Company company)
    {
        var rows = "";
        foreach (var table in Tables)
        {
            rows += FormattableString.Invariant($"{table} ") + await company.Number(
                $"SELECT coalesce(sum(hashtextextended(t::text, 0) % 1000000007), 0)::bigint FROM views.{table} t")
                + "\n";
        }

        return rows;
    }
}
