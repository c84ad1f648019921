using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels.Past;

namespace Jifu.Ledger.ReadModels.Tests.Past;

/// <summary>Somebody has changed the log's table behind everybody's back. Whoever asks what the log makes is told what
/// the table makes, also by the process that wrote the events and remembers them.</summary>
public class TamperedLogTests
{
    [Fact]
    public async Task A_changed_event_is_folded_as_the_table_has_it_also_by_the_process_that_wrote_it()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "order-77", 100_00, Company.Friday);
        await company.CatchUp();
        await company.Tamper("""
            UPDATE log.events SET payload = convert_to(
                replace(convert_from(payload, 'UTF8'), 'order-77', 'order-78'), 'UTF8')
            WHERE type = 'payment.created'
            """);

        (await Orders(company)).ShouldHaveSingleItem().ShouldContain("order-78");
        var report = await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default);
        report.Tables.Where(table => !table.Identical).Select(table => table.Name).ShouldBe(["payment"]);
        (await company.Log.ReadAll(-1, 10, default)).Count.ShouldBe(5);
    }

    private static async Task<IReadOnlyList<string>> Orders(Company company)
    {
        var payment = (await new ViewCatalogue(company.Source).All(default)).Single(view => view.Name == "payment");
        await using var sessions = PastViews.Sessions(company.AppConnection);
        await using var past = await PastViews.Begin(
            company.Log, LedgerEvents.Codec, sessions, [payment.Projection], TimeProvider.System, default);
        await past.FoldTo(await company.Log.Head(default), _ => Task.CompletedTask, default);
        return await past.Rows(new(payment, [], 10), default).ToListAsync();
    }
}
