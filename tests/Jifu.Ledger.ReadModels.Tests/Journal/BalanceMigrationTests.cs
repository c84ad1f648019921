using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.ReadModels.Tests.Journal;

/// <summary>Sums and funds that stood in two tables stand in one, and are what the log says.</summary>
public class BalanceMigrationTests
{
    // As the two tables were.
    private const string Apart = """
        CREATE TABLE views.account_balance (
            account text NOT NULL COLLATE "C", currency text NOT NULL, debit_minor bigint NOT NULL,
            credit_minor bigint NOT NULL, PRIMARY KEY (account, currency));
        INSERT INTO views.account_balance
            SELECT account, currency, debit_minor, credit_minor FROM views.balance
            WHERE debit_minor + credit_minor > 0;
        CREATE TABLE views.funds (
            merchant_id text NOT NULL COLLATE "C", currency text NOT NULL, free_minor bigint NOT NULL,
            available_minor bigint NOT NULL, out_minor bigint NOT NULL, out_of_available_minor bigint NOT NULL,
            success_position bigint NOT NULL, PRIMARY KEY (merchant_id, currency));
        INSERT INTO views.funds
            SELECT split_part(account, ':', 2), currency, sum(credit_minor - debit_minor - aside_minor),
                coalesce(sum(credit_minor - debit_minor - aside_minor)
                    FILTER (WHERE account LIKE 'merchant_available:%'), 0),
                sum(out_minor), coalesce(sum(out_minor) FILTER (WHERE account LIKE 'merchant_available:%'), 0),
                max(success_position)
            FROM views.balance WHERE account ~ '^merchant_(pending|available):' GROUP BY 1, 2;
        DROP TABLE views.balance;
        """;

    private static readonly MerchantId One = new("m1");

    [Fact]
    public async Task What_stood_in_two_tables_is_put_together()
    {
        await using var company = await Traded();
        await company.Execute(Apart);
        await company.Execute(await Migration());
        await ShouldBeWhatTheLogSays(company);
        (await company.Number("SELECT count(*) FROM views.balance WHERE aside_minor <> 0 OR out_minor <> 0"))
            .ShouldBe(3);
    }

    [Fact]
    public async Task Tables_that_stood_at_different_events_are_made_again_from_the_log()
    {
        await using var company = await Traded();
        await company.Execute(Apart);
        await company.Execute("UPDATE views.checkpoint SET position = position - 1 WHERE projection = 'funds'");
        await company.Execute(await Migration());
        (await company.Number("SELECT count(*) FROM views.balance")).ShouldBe(0);
        await company.Execute("UPDATE views.checkpoint SET position = position + 1 WHERE projection = 'funds'");
        await company.CatchUp();
        await ShouldBeWhatTheLogSays(company);
    }

    private static async Task ShouldBeWhatTheLogSays(Company company) =>
        (await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default)).Tables
            .Where(table => !table.Identical).ShouldBeEmpty();

    // With amounts put aside of both kinds, one of them free again.
    private static async Task<Company> Traded()
    {
        var company = await Company.Found();
        await RandomCompany.Trade(company, 7, 20);
        var id = await company.Pay(One.Value, "held", 20_00, Company.Friday);
        Money Cny(long fen) => new(fen, Currency.CNY);
        var (refund, freed) = (HoldId.Of(id, new RefundId("r")), HoldId.Of(id, new RefundId("freed")));
        await company.Tell<FundsEvent>(
            "funds", One.Value,
            new FundsEvent.Held(refund, One, Cny(3_00), Company.Noon),
            new FundsEvent.Held(freed, One, Cny(2_00), Company.Noon),
            new FundsEvent.Released(freed, One, Cny(2_00), "no refund", Company.Noon),
            new FundsEvent.Held(HoldId.OfPayout("p"), One, Cny(1_00), Company.Noon),
            new FundsEvent.Transferred(
                new("t"), One, Account.Available(new("m2")), Cny(50), "rent", Company.Friday, Company.Noon));
        await company.Tell<FundsEvent>(
            "funds", "m2",
            new FundsEvent.Transferred(
                new("t"), new("m2"), Account.Available(One), Cny(10), "back", Company.Friday, Company.Noon));
        await company.CatchUp();
        return company;
    }

    private static async Task<string> Migration()
    {
        await using var script = typeof(Projections).Assembly.GetManifestResourceStream(
            "Jifu.Ledger.ReadModels.Schema.132_balance.sql")!;
        using var reader = new StreamReader(script);
        return $"BEGIN; {await reader.ReadToEndAsync()} COMMIT";
    }
}
