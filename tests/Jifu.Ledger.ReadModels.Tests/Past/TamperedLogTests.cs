using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.ReadModels.Past;
using Microsoft.Extensions.Logging.Abstractions;

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

    [Fact]
    public async Task An_event_that_was_taken_away_is_missed_by_every_fold_and_named()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Company.Friday);
        await company.Pay("m1", "2", 100_00, Company.Friday);
        await company.CatchUp();
        await company.Tamper("DELETE FROM log.events WHERE position = 5");

        const string missing = "The log has no event at position 5: it was taken away.";
        (await Stopped(() => Orders(company))).ShouldStartWith(missing);
        (await Stopped(() => company.Rebuild.Run(Projections.All, new Progress<(long, long)>(), default)))
            .ShouldStartWith(missing);
        (await company.Number("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'views\\_%'")).ShouldBe(0);

        // Of the newest event only who never was told of it can say what he misses.
        await company.Tamper("DELETE FROM log.events WHERE position = 9");
        await using var log = new PostgreSqlEventLog(company.AppConnection, TimeProvider.System);
        var rebuild = new Rebuild(log, LedgerEvents.Codec, company.Owner, TimeProvider.System);
        (await Stopped(() => rebuild.Run(Projections.All, new Progress<(long, long)>(), default)))
            .ShouldStartWith(missing);
        (await Should.ThrowAsync<EventLogUnavailableException>(company.Log.Head(default))).Message.ShouldBe(
            "The event log has lost its end: the log ends at position 8, but this process was told that position 9 "
            + "is committed.");
    }

    [Fact]
    public async Task A_check_names_the_gap_compares_what_stands_before_it_and_tells_what_it_cannot_compare()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Company.Friday);
        await company.CatchUp();
        await company.Pay("m1", "2", 100_00, Company.Friday);
        await company.ProjectorOf(
            [.. Projections.All.Where(one => one.Name != "payments")], LedgerEvents.Codec,
            NullLogger<Projector>.Instance).CatchUp(default);
        foreach (var position in new[] { 6, 7 })
            await company.Tamper($"DELETE FROM log.events WHERE position = {position}");
        await company.Execute("UPDATE views.payment SET fee_minor = 1");

        var report = await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default);
        (report.Gap, report.Position, report.Identical).ShouldBe((new LogGap(6, 7), 4, false));
        string[] payments = [.. Projections.All.Single(one => one.Name == "payments").Tables];
        report.Tables.Select(table => table.Name).ShouldBe(payments);
        report.Tables.Where(table => !table.Identical).Select(table => table.Name).ShouldBe(["payment"]);
        report.NotCompared.ShouldBe(
            [.. Projections.All.SelectMany(one => one.Tables).Except(payments)], ignoreOrder: true);
        (await company.Number("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'views\\_%'")).ShouldBe(0);
        (await Stopped(() => company.Rebuild.Run(Projections.All, new Progress<(long, long)>(), default)))
            .ShouldStartWith("The log has no events at positions 6 to 7: they were taken away.");

        await company.CatchUp();
        var nothing = await company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default);
        (nothing.Gap, nothing.Tables.Count, nothing.Identical).ShouldBe((new LogGap(6, 7), 0, false));
    }

    [Fact]
    public async Task An_event_whose_row_is_not_there_is_named_with_the_projection_and_without_SQL()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Company.Friday);
        await company.Pay("m1", "2", 100_00, Company.Friday);
        await company.CatchUp();

        // Another stream has the payment's beginning now, so the rest of the payment changes what is not there.
        await company.Tamper("""
            UPDATE log.events SET stream = 'payment-gone' WHERE position = 5
            """);
        var next = (await company.Log.ReadAll(5, 1, default))[0];
        var expected = $"Event 6 in stream {next.Stream} of type {next.Type}: the projection payments cannot apply "
            + "it: what it changes is not there: 0 rows instead of 1.";
        (await Stopped(() => Orders(company))).ShouldBe(expected);
        (await Stopped(() => company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default)))
            .ShouldBe(expected);
        await company.Execute("DELETE FROM views.payment; UPDATE views.checkpoint SET position = 4");
        var projector = new Projector(
            company.Log.Stored, LedgerEvents.Codec, company.Source, Projections.All, TimeProvider.System,
            NullLogger<Projector>.Instance);
        await projector.CatchUp(default);
        projector.Status.Single(one => one.Name == "payments").Stopped
            .ShouldNotBeNull().ShouldNotContain("UPDATE");
    }

    private static async Task<string> Stopped(Func<Task> fold) =>
        (await Should.ThrowAsync<FoldStoppedException>(fold)).Message;

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
