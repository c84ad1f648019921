using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Past;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests.Past;

/// <summary>Read models of the past are what the live ones were then.</summary>
public class PastViewsTests
{
    [Fact]
    public async Task At_every_position_balances_are_those_of_the_journal_and_at_the_head_every_view_is_the_live_one()
    {
        await using var company = await Company.Found();
        await RandomCompany.Trade(company, 7, 20);
        var (head, catalogue, journal) = (
            await company.Log.Head(default), new ViewCatalogue(company.Source), new JournalQueries(company.Views));
        var balance = (await catalogue.All(default)).Single(view => view.Name == "balance");
        await using var sessions = PastViews.Sessions(company.AppConnection);
        await using (var past = await Begin(company, sessions, [balance.Projection]))
        {
            for (var position = 0L; position <= head; position += 5)
            {
                await past.FoldTo(position, _ => Task.CompletedTask, default);
                var expected = (await journal.Balances(null, new(Position: position), default))
                    .Select(row => (row.Account, row.DebitMinor, row.CreditMinor));
                var rows = await past.Rows(new(balance, [], 1000), default).ToListAsync();
                rows.Select(Balance).ShouldBe(expected, $"at {position}");
            }
        }

        await using var whole = await Begin(company, sessions, Projections.All);
        await whole.FoldTo(head, _ => Task.CompletedTask, default);
        foreach (var view in await catalogue.All(default))
        {
            var rows = new ViewRows(view, [], 10_000);
            var live = await ViewCatalogue.Rows(sessions, rows, default).ToListAsync();
            (await whole.Rows(rows, default).ToListAsync()).ShouldBe(live, view.Name);
        }
    }

    [Fact]
    public async Task What_came_and_changed_between_two_positions_is_counted_and_shown()
    {
        await using var company = await Company.Found();
        var first = await company.Pay("m1", "1", 100_00, Company.Friday);
        var then = await company.Log.Head(default);
        await company.Refund(first, "r1", 30_00, Company.Friday);
        await company.Pay("m1", "2", 50_00, Company.Friday);
        await company.CatchUp();
        var payment = (await new ViewCatalogue(company.Source).All(default)).Single(view => view.Name == "payment");
        await using var sessions = PastViews.Sessions(company.AppConnection);
        await using var past = await Begin(company, sessions, [payment.Projection]);
        await past.FoldTo(then, _ => Task.CompletedTask, default);
        await past.Remember(default);
        await past.FoldTo(await company.Log.Head(default), _ => Task.CompletedTask, default);

        (await past.CountChanges(payment, default)).ShouldBe(new("payment", 1, 0, 1));
        var rows = (await past.Changes(payment, 10, default).ToListAsync())
            .Select(text => JsonDocument.Parse(text).RootElement)
            .ToLookup(row => row.GetProperty("change").GetString());
        var changed = rows["changed"].ShouldHaveSingleItem();
        changed.GetProperty("before").GetProperty("refunded_minor").GetInt64().ShouldBe(0);
        changed.GetProperty("after").GetProperty("refunded_minor").GetInt64().ShouldBe(30_00);
        rows["added"].ShouldHaveSingleItem().GetProperty("before").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task An_event_that_nobody_knows_stops_the_fold_and_is_named()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Company.Friday);
        var stranger = new EventToAppend(Guid.NewGuid(), "payment.unheard_of", "{}"u8.ToArray());
        await company.Log.Append(new("payment", "x"), -1, [stranger], new("test", "test"), default);
        var position = await company.Log.Head(default);
        await using var sessions = PastViews.Sessions(company.AppConnection);
        await using var past = await Begin(company, sessions, Projections.All);

        await past.FoldTo(position - 1, _ => Task.CompletedTask, default);
        (await Should.ThrowAsync<FoldStoppedException>(() =>
            past.FoldTo(position, _ => Task.CompletedTask, default))).Message.ShouldStartWith($"Event {position} ");
    }

    [Fact]
    public async Task Nothing_is_left_of_the_tables_when_the_session_ends_in_whatever_way()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Company.Friday);
        await using var sessions = PastViews.Sessions(company.AppConnection);
        await using var past = await Begin(company, sessions, Projections.All);
        await past.FoldTo(2, _ => Task.CompletedTask, default);
        (await Temporary(company)).ShouldBeGreaterThan(0);
        await company.EndConnections();
        for (var i = 0; i < 200 && await Temporary(company) > 0; i++)
            await Task.Delay(25);
        (await Temporary(company)).ShouldBe(0);
    }

    private static Task<PastViews> Begin(
        Company company, NpgsqlDataSource sessions, IReadOnlyList<IProjection> projections) =>
        PastViews.Begin(company.Log, LedgerEvents.Codec, sessions, projections, TimeProvider.System, default);

    private static (string, long, long) Balance(string json)
    {
        var row = JsonDocument.Parse(json).RootElement;
        return (row.GetProperty("account").GetString()!, row.GetProperty("debit_minor").GetInt64(),
            row.GetProperty("credit_minor").GetInt64());
    }

    private static async Task<long> Temporary(Company company)
    {
        // A session of its own: those that are kept were ended.
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(company.AppConnection) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand(
            "SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
