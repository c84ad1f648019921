using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Tests.Reconciliation;

using static ReconciliationEvent;

/// <summary>Databases that did not note what corrections of closed days say get it, from the log where it stands
/// nowhere else.</summary>
public class LateBillMigrationTests
{
    private const string Before = """
        ALTER TABLE views.reconciliation DROP COLUMN current_sha256, DROP COLUMN current_booked_on,
            DROP COLUMN current_net_minor, DROP COLUMN due_on;
        ALTER TABLE views.reconciliation_carry DROP COLUMN met_on;
        """;

    private static readonly BusinessDay Friday = Company.Friday;
    private static readonly BusinessDay Saturday = Friday.Next;
    private static readonly BusinessDay Monday = Saturday.Next.Next;

    [Fact]
    public async Task Days_without_late_bills_stay_as_they_are()
    {
        await using var company = await Reconciled();
        await Migrated(company);
        (await company.Number("SELECT count(*) FROM views.reconciliation")).ShouldBe(2);
        await ShouldBeWhatTheLogSays(company);
    }

    [Fact]
    public async Task What_a_late_bill_said_is_read_from_the_log_once_more()
    {
        await using var company = await Reconciled();
        await Told(company, Saturday, new BillSuperseded(
            Channel.Sandbox, Saturday, "b", "3", "2", "corrected", 1, Cny(60_00), Cny(0), Cny(0), Company.Noon,
            Monday), Done(Saturday, 60_00, Monday));
        await company.CatchUp();
        await Migrated(company);
        (await company.Number("SELECT count(*) FROM views.reconciliation")).ShouldBe(0);
        await company.CatchUp();
        (await company.Number("SELECT current_net_minor FROM views.reconciliation WHERE current_booked_on <> day"))
            .ShouldBe(60_00);
        (await company.Number("SELECT their_net_minor FROM views.reconciliation WHERE current_booked_on <> day"))
            .ShouldBe(50_00);
        await ShouldBeWhatTheLogSays(company);
    }

    // Friday carries a line, which Saturday's bill meets.
    private static async Task<Company> Reconciled()
    {
        var company = await Company.Found();
        await Told(company, Friday, Brought(Friday, "1"), new Carried(
            Channel.Sandbox, Friday, "payment:p1", Cny(99_40), "ours"), Done(Friday, 0));
        await Told(company, Saturday, Brought(Saturday, "2"), new CarriedMet(Channel.Sandbox, Saturday, "payment:p1"),
            Done(Saturday, 50_00));
        await company.CatchUp();
        return company;
    }

    private static BillImported Brought(BusinessDay day, string sha256) => new(
        Channel.Sandbox, day, "b", sha256, 1, Cny(50_00), Cny(0), Cny(0), Company.Noon);

    private static Completed Done(BusinessDay day, long fen, BusinessDay? on = null) => new(
        Channel.Sandbox, day, 1, 0, 0, 0, Cny(fen), Cny(fen), Company.Noon, on);

    private static Task Told(Company company, BusinessDay day, params ReconciliationEvent[] events) =>
        company.Tell("reconciliation", $"sandbox_{day}", events);

    private static async Task Migrated(Company company)
    {
        await company.Execute(Before);
        foreach (var name in new[] { "146_current_bill.sql", "147_carry_met_on.sql" })
        {
            await using var script = typeof(Projections).Assembly.GetManifestResourceStream(
                $"Jifu.Ledger.ReadModels.Schema.{name}")!;
            using var reader = new StreamReader(script);
            await company.Execute($"BEGIN; {await reader.ReadToEndAsync()} COMMIT");
        }
    }

    private static async Task ShouldBeWhatTheLogSays(Company company) =>
        (await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default)).Tables
            .Where(table => !table.Identical).ShouldBeEmpty();

    private static Money Cny(long fen) => new(fen, Currency.CNY);
}
