using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Settlement;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>A clearing batch of some merchants marks all that waits of them with one statement: on a day of millions of
/// payments that takes minutes, and other statements are given seconds.</summary>
public class LargeBatchTests
{
    private static readonly BusinessDay Friday = Company.Friday;

    [Fact]
    public async Task A_batch_may_take_longer_to_open_than_any_other_statement_may()
    {
        await using var company = await Company.Found();
        await company.Register("m1");
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        await company.Execute("""
            CREATE FUNCTION public.many_rows() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_sleep(6);
                RETURN NEW;
            END $$;
            GRANT EXECUTE ON FUNCTION public.many_rows TO jifu_app;
            CREATE TRIGGER many_rows BEFORE UPDATE ON views.clearing_entry
                FOR EACH ROW EXECUTE FUNCTION public.many_rows();
            """);
        await company.Tell<ClearingEvent>(
            "clearing", "b1",
            new ClearingEvent.Opened(Channel.Sandbox, Friday, SettlementTerm.T0, 1, [new("m1")], Company.Noon));

        await using var impatient = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(company.AppConnection) { CommandTimeout = 4 });
        await new Projector(
            company.Log, LedgerEvents.Codec, impatient, Projections.All, TimeProvider.System,
            NullLogger<Projector>.Instance).CatchUp(default);

        (await company.Number("SELECT count(*) FROM views.clearing_entry WHERE batch_id IS NOT NULL")).ShouldBe(1);
    }
}
