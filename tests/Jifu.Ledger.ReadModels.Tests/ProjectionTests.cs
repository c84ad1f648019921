using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Payments;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>What the tables say of events that the domain's rules made.</summary>
public class ProjectionTests
{
    private static readonly BusinessDay Friday = Company.Friday;
    private static readonly BusinessDay Saturday = Friday.Next;

    [Fact]
    public async Task The_journal_balances_and_what_a_merchant_is_owed_is_what_waits_to_be_cleared()
    {
        await using var company = await Company.Found();
        await Trade(company);
        await company.CatchUp();

        (await Number(company, "SELECT sum(amount_minor) FROM views.journal_line")).ShouldBe(0);
        (await Number(company, """
            SELECT count(*) FROM views.balance b FULL JOIN (
                SELECT account, currency, sum(amount_minor) AS amount FROM views.journal_line GROUP BY account, currency
            ) l USING (account, currency)
            WHERE b.debit_minor - b.credit_minor IS DISTINCT FROM l.amount
            """)).ShouldBe(0);
        (await Number(company, """
            SELECT count(*) FROM (
                SELECT 'merchant_pending:' || merchant_id AS account, sum(gross_minor - refunded_minor - fees_minor
                    - splits_minor + brought_minor) AS owed
                FROM views.clearing_entry WHERE batch_id IS NULL GROUP BY merchant_id
            ) i
            FULL JOIN (SELECT * FROM views.balance WHERE account LIKE 'merchant_pending:%') b USING (account)
            WHERE coalesce(i.owed, 0) <> coalesce(b.credit_minor - b.debit_minor, 0)
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task A_page_adds_to_accounts_that_are_known_and_makes_those_that_are_not()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        await company.Pay("m1", "2", 50_00, Friday);
        await company.Pay("m2", "1", 30_00, Friday);
        await company.CatchUp();

        const string Owed = "SELECT credit_minor FROM views.balance WHERE account = 'merchant_pending:";
        (await Number(company, $"{Owed}m1'")).ShouldBe(150_00);
        (await Number(company, $"{Owed}m2'")).ShouldBe(30_00);
        (await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default)).Identical.ShouldBeTrue();
    }

    [Fact]
    public async Task A_batch_takes_what_came_before_its_opening_and_a_negative_net_is_brought_forward()
    {
        await using var company = await Company.Found();
        var clearing = new ClearingQueries(company.Views);
        var id = await company.Pay("m1", "1", 100_00, Friday);
        await company.Pay("m1", "2", 50_00, Saturday);
        await Clear(company, Friday);
        await company.Refund(id, "r1", 100_00, Saturday);

        (await clearing.ClearedOf(Friday, default)).ShouldHaveSingleItem().PayableMinor.ShouldBe(99_40);
        await Clear(company, Saturday);
        var second = (await clearing.ClearedOf(Saturday, default)).ShouldHaveSingleItem();
        second.CarriedMinor.ShouldBe(50_00 - 30 - 100_00 + 60);

        await company.Pay("m1", "3", 60_00, Saturday.Next);
        await Clear(company, Saturday.Next);
        var third = (await clearing.ClearedOf(Saturday.Next, default)).ShouldHaveSingleItem();
        third.BroughtMinor.ShouldBe(second.CarriedMinor);
        third.PayableMinor.ShouldBe(60_00 - 36 + second.CarriedMinor);
    }

    [Fact]
    public async Task Every_read_model_made_again_has_the_same_bytes()
    {
        await using var company = await Company.Found();
        await company.Register("m1");
        await Trade(company);
        await Clear(company, Friday);
        var report = await company.Rebuild.Run(Projections.All, new Progress<(long, long)>(), default);
        report.Identical.ShouldBeTrue(string.Join("; ", report.Tables));

        // The swapped tables are the live ones: the projector goes on with them.
        await company.Pay("m1", "after", 1_00, Saturday);
        await company.CatchUp();
        (await Number(company, "SELECT count(*) FROM views.payment WHERE merchant_order_no = 'after'")).ShouldBe(1);
        (await Number(company, "SELECT count(*) FROM pg_indexes WHERE indexname = 'payment_by_merchant'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_row_that_was_changed_by_hand_is_seen_by_a_rebuild_and_mended()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        await Number(company, "UPDATE views.balance SET debit_minor = debit_minor + 1 RETURNING 1");

        IProjection[] journal = [Projections.All.Single(projection => projection.Name == "journal")];
        (await company.Rebuild.Run(journal, new Progress<(long, long)>(), default)).Identical.ShouldBeFalse();
        (await company.Rebuild.Run(journal, new Progress<(long, long)>(), default)).Identical.ShouldBeTrue();
    }

    [Fact]
    public async Task A_balance_is_known_as_of_any_position_and_day()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        var then = await company.Log.Head(default);
        await company.Pay("m1", "2", 50_00, Saturday);
        await company.CatchUp();
        var journal = new JournalQueries(company.Views);
        var pending = Account.Pending(new("m1"));

        (await journal.Balance(pending, AsOf.Now, default)).Single().BalanceMinor.ShouldBe(-(99_40 + 49_70));
        (await journal.Balance(pending, new(Position: then), default)).Single().BalanceMinor.ShouldBe(-99_40);
        (await journal.Balance(pending, new(Day: Friday), default)).Single().BalanceMinor.ShouldBe(-99_40);
        (await journal.Balance(pending, new(Day: Friday.Previous), default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Payments_are_listed_newest_first_page_by_page()
    {
        await using var company = await Company.Found();
        for (var i = 1; i <= 5; i++)
            await company.Pay("m1", $"{i}", i * 100, Friday);
        await company.Pay("m2", "other", 1_00, Friday);
        await company.CatchUp();
        var queries = new PaymentQueries(company.Views);
        var first = await queries.List(new(new("m1"), "paid", Friday, Friday, long.MaxValue), 3, default);
        var rest = await queries.List(new(new("m1"), "paid", null, null, first[^1].CreatedPosition), 3, default);

        first.Concat(rest).Select(row => row.MerchantOrderNo).ShouldBe(["5", "4", "3", "2", "1"]);
        (await queries.VolumeMinor(new("m1"), Friday, Currency.CNY, default)).ShouldBe(15_00);
        (await new PaymentTimeline(company.Log).Of(new(first[0].PaymentId), default)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task An_event_that_nobody_knows_stops_the_projections_before_it_and_says_so()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        var id = Guid.Parse("00000000-0000-0000-0000-000000000001");
        var stranger = new EventToAppend(id, "payment.unheard_of", "{}"u8.ToArray());
        await company.Log.Append(new("payment", "x"), -1, [stranger], new("test", "test"), default);
        await company.Projector.CatchUp(default);

        var position = await company.Log.Head(default);
        foreach (var status in company.Projector.Status)
        {
            status.Position.ShouldBe(position - 1);
            status.Stopped.ShouldNotBeNull().ShouldContain($"at position {position}: ");
        }

        await Should.ThrowAsync<ViewMismatchException>(() => company.Projector.WaitFor(position, default));
    }

    private static async Task Trade(Company company)
    {
        var whole = await company.Pay("m1", "1", 100_00, Friday);
        var split = await company.Pay(
            "m1", "2", 99_99, Friday, new(new("agent"), SplitBasis.Rate, 100_000),
            new SplitRule(new("shop"), SplitBasis.Amount, 1_00));
        var cancelled = await company.Pay("m2", "3", 12_34, Friday);
        await company.Pay("m2", "4", 1, Friday);
        await company.Refund(whole, "r1", 33_33, Friday);
        await company.Refund(whole, "r2", 66_67, Friday);
        await company.Refund(split, "r1", 50_00, Friday);
        await company.Refund(split, "r2", 10_00, Friday, fails: true);
        await company.Cancel(cancelled, Friday);
    }

    private static async Task Clear(Company company, BusinessDay day)
    {
        var batch = ClearingBatch.IdOf(Channel.Sandbox, day, Settlement.SettlementTerm.T1, 1);
        await company.Open(batch, day);
        await company.CatchUp();
        await company.Clear(batch, day, await new ClearingQueries(company.Views).PositionsOf(batch, default));
        await company.CatchUp();
    }

    private static async Task<long> Number(Company company, string sql)
    {
#pragma warning disable CA2100 // Queries of the tests above.
        await using var command = company.Source.CreateCommand(sql);
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
