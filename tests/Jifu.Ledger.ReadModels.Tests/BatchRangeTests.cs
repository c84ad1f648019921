using Jifu.Ledger.Clearing;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>A batch for everybody takes ranges of the log: that must come to the same as if each item were marked with
/// the first batch that reaches it.</summary>
public class BatchRangeTests
{
    private static readonly BusinessDay Friday = Company.Friday;
    private static readonly BusinessDay Saturday = Friday.Next;

    // Of each item: the first batch after it that is for its channel, its day and its merchant.
    private const string Marked = """
        SELECT e.*, e.kind = 'brought_forward' AS carried, (
            SELECT b.batch_id FROM views.clearing_batch b
            WHERE b.channel = e.channel AND b.day >= e.business_day AND b.position > e.position
                AND (b.term = 'T1' OR e.merchant_id = 'm1') ORDER BY b.position LIMIT 1) AS of
        FROM views.clearing_entry e
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Each_item_is_taken_by_the_batch_that_would_have_marked_it(int seed)
    {
        await using var company = await Company.Found();
        await Trade(company, seed);

        (await company.Number($"""
            SELECT count(*) FROM ({Marked}) m
                LEFT JOIN views.clearing_take t ON m.batch_id IS NULL AND t.channel = m.channel
                    AND t.business_day = m.business_day AND t.carried = m.carried
                    AND m.position >= t.from_position AND m.position < t.until_position
            WHERE coalesce(m.batch_id, t.batch_id) IS DISTINCT FROM m.of
            """)).ShouldBe(0);
        (await company.Number($"""
            SELECT count(*) FROM views.clearing_waiting w FULL JOIN (
                SELECT channel, business_day, carried, min(position) AS first FROM ({Marked}) m
                WHERE m.of IS NULL GROUP BY 1, 2, 3) m USING (channel, business_day, carried)
            WHERE w.first_position IS DISTINCT FROM m.first
            """)).ShouldBe(0);
        (await company.Number($"""
            SELECT count(*) FROM (
                SELECT of AS batch_id, merchant_id, currency, sum(payments) AS payments, sum(refunds) AS refunds,
                    sum(gross_minor - refunded_minor - fees_minor - splits_minor + brought_minor) AS net
                FROM ({Marked}) m WHERE of IS NOT NULL GROUP BY 1, 2, 3) m
                FULL JOIN views.clearing_position p USING (batch_id, merchant_id, currency)
            WHERE (m.payments, m.refunds, m.net) IS DISTINCT FROM
                (p.payments, p.refunds, p.payable_minor + p.carried_minor)
            """)).ShouldBe(0);
        (await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default)).Tables
            .Where(table => !table.Identical).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_for_everybody_changes_no_item()
    {
        await using var company = await Company.Found();
        await company.Register("m1");
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        await company.Execute("""
            CREATE FUNCTION public.no_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'an item was changed';
            END $$;
            GRANT EXECUTE ON FUNCTION public.no_change TO jifu_app;
            CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON views.clearing_entry
                FOR EACH ROW EXECUTE FUNCTION public.no_change();
            """);
        await company.Open(new("b1"), Friday);
        await company.CatchUp();

        var clearing = new ClearingQueries(company.Views);
        (await clearing.PositionsOf(new("b1"), default)).ShouldHaveSingleItem().Net.MinorUnits.ShouldBe(99_40);
        (await clearing.Waiting(Saturday, default)).ShouldBe([(Channel.Sandbox, Friday)]);
        (await company.Number("SELECT count(*) FROM views.clearing_waiting")).ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_late_for_a_day_that_was_cleared_waits_alone()
    {
        await using var company = await Company.Found();
        var clearing = new ClearingQueries(company.Views);
        await company.Pay("m1", "1", 100_00, Friday);
        await Clear(company, SettlementTerm.T1, Friday, 1);
        var late = await company.Pay("m1", "2", 50_00, Friday);
        await company.CatchUp();

        (await IsCleared(late)).ShouldBeFalse();
        (await clearing.Waiting(Friday, default)).ShouldBe([(Channel.Sandbox, Friday)]);
        await company.Pay("m1", "3", 10_00, Saturday);
        await Clear(company, SettlementTerm.T1, Saturday, 1);

        (await IsCleared(late)).ShouldBeTrue();
        (await clearing.ClearedOf(Saturday, default)).ShouldHaveSingleItem().PayableMinor.ShouldBe(49_70 + 9_94);
        (await company.Number("SELECT count(*) FROM views.clearing_waiting")).ShouldBe(0);

        // Also where the view of lines has left the payment out.
        await company.Execute("DELETE FROM views.channel_line");
        (await IsCleared(late)).ShouldBeTrue();

        Task<bool> IsCleared(PaymentId id) =>
            clearing.IsCleared(Channel.Sandbox, id, new("m1"), Friday, default);
    }

    [Fact]
    public async Task Items_that_were_marked_one_by_one_become_ranges()
    {
        await using var company = await Company.Found();
        await Trade(company, 5);
        await company.Execute($"""
            CREATE TABLE views.clearing_item AS
                SELECT position, merchant_id, channel, currency, business_day, kind, payment_id, payments, refunds,
                    gross_minor, refunded_minor, fees_minor, splits_minor, brought_minor, of AS batch_id
                FROM ({Marked}) m;
            DROP TABLE views.clearing_entry, views.clearing_waiting, views.clearing_take;
            """);
        await using var script = typeof(Projections).Assembly.GetManifestResourceStream(
            "Jifu.Ledger.ReadModels.Schema.183_clearing_by_ranges.sql")!;
        using var reader = new StreamReader(script);
        await company.Execute($"BEGIN; {await reader.ReadToEndAsync()} COMMIT");

        (await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default)).Tables
            .Where(table => !table.Identical).ShouldBeEmpty();
        (await company.Number("SELECT count(*) FROM views.clearing_take")).ShouldBeGreaterThan(1);
        (await company.Number("SELECT count(*) FROM views.clearing_entry WHERE batch_id IS NOT NULL"))
            .ShouldBeGreaterThan(0);
    }

    // Orders and refunds of today and, late, of the day before; runs of one merchant and of everybody between them.
    private static async Task Trade(Company company, int seed)
    {
        var (random, day, runs) = (new Random(seed), Friday, 0);
        foreach (var merchant in new[] { "m1", "m2", "m3" })
            await company.Register(merchant);
        var paid = new List<(PaymentId Id, long Fen)>();
        for (var i = 0; i < 30; i++)
        {
            var then = random.Next(4) == 0 ? day.Previous : day;
            switch (random.Next(7))
            {
                case 0 when paid.Count > 0:
                    var (id, fen) = paid[random.Next(paid.Count)];
                    paid.Remove((id, fen));
                    await company.Refund(id, $"r{i}", fen, then);
                    break;
                case 1 when i > 2:
                    await Clear(company, SettlementTerm.T0, day, ++runs);
                    break;
                case 2 when i > 4:
                    await Clear(company, SettlementTerm.T1, day, 1);
                    (day, runs) = (day.Next, 0);
                    break;
                default:
                    var amount = random.NextInt64(1, 100_00);
                    paid.Add((await company.Pay($"m{random.Next(1, 4)}", $"{i}", amount, then), amount));
                    break;
            }
        }

        await company.CatchUp();
    }

    private static async Task Clear(Company company, SettlementTerm term, BusinessDay day, int run)
    {
        var batch = ClearingBatch.IdOf(Channel.Sandbox, day, term, run);
        ValueList<MerchantId> of = term == SettlementTerm.T0 ? [new("m1")] : [];
        await company.Tell<ClearingEvent>(
            "clearing", batch.Value,
            new ClearingEvent.Opened(Channel.Sandbox, day, term, run, of, day.Next.Start));
        await company.CatchUp();
        var positions = await new ClearingQueries(company.Views).PositionsOf(batch, default);
        if (positions.Count > 0)
            await company.Clear(batch, day, positions);
        await company.CatchUp();
    }
}
