using System.Text;
using System.Text.Json;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Server.Tests.Days;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.Server.Tests.EventStore;

/// <summary>The product runs wholly on EventStoreDB by one setting; the views stay in PostgreSQL.</summary>
[Collection("event store")]
public sealed class DayOnEventStoreTests(ServerOnEventStore server) : IClassFixture<ServerOnEventStore>
{
    [Fact]
    public async Task A_whole_day_is_played_closed_and_reconciled_and_our_database_holds_a_copy_of_each_event()
    {
        var day = await SmallDay.Begin(server);
        await day.Play();
        server.Store.Log.Statistics();
        await day.Plant(5);
        await day.End();
        var closed = await day.Close();
        closed.Refusal.ShouldBe("200");
        closed.Json.GetProperty("reconciliations")[0].GetProperty("completed").GetBoolean().ShouldBeTrue();
        closed.Json.GetProperty("clearings")[0].GetProperty("settlements").EnumerateArray()
            .ShouldAllBe(one => one.GetProperty("status").GetString() == "confirmed");
        (await day.Found()).ShouldBe(await day.Planted());
        JsonDocument.Parse(await SmallDay.FileIn(await day.Finance(), "manifest.json")).RootElement
            .GetProperty("ties").GetBoolean().ShouldBeTrue();

        var head = await server.Head();
        (await day.Close()).Body.ShouldBe(closed.Body);
        (await server.Head()).ShouldBe(head);
        await server.CaughtUp();
        var stored = server.Store.Log.After(-1).Where(one => !one.IsSystem)
            .Select(one => $"{one.Stream} {one.Revision} {one.Id} {one.Type}").ToList();
        await RunningServer.Until(async () =>
            await server.AsSuperuser<long>("SELECT count(*) FROM log.events") == stored.Count);
        (await server.AsSuperuser<string[]>("""
            SELECT array_agg(format('%s %s %s %s', stream, version, event_id, type) ORDER BY position) FROM log.events
            """)).ShouldBe(stored);
        (await server.AsSuperuser<long>("SELECT count(*) FROM views.payment")).ShouldBe(8);
    }

    [Fact]
    public async Task Readiness_asks_the_leader()
    {
        var ready = (await server.Send(null, "GET", "/health/ready")).Json;
        ready.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "event_log")
            .GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_database_with_events_of_its_own_is_refused()
    {
        await using var used = await TestDatabase.Create(ServerSchema.Modules);
        await using (var log = new PostgreSqlEventLog(used.AppConnection, TimeProvider.System))
            await log.Append(
                new("test", "1"), -1,
                [new(Guid.NewGuid(), "ext.happened", Encoding.UTF8.GetBytes("{}"))], new("test", "test"), default);
        (await Should.ThrowAsync<InvalidOperationException>(LedgerServer.Build(
        [
            .. server.Arguments(server.Home), $"--ConnectionStrings:Ledger={used.AppConnection}",
            $"--ConnectionStrings:LedgerOwner={used.OwnerConnection}",
        ]))).Message.ShouldContain("events of a ledger of its own");
    }

    [Theory]
    [InlineData("--ConnectionStrings:EventStore=esdb://h?nope=1", "ConnectionStrings__EventStore: This EventStoreDB")]
    [InlineData("--Jifu:EventStoreFace:Urls=http://127.0.0.1:0", "Jifu__EventStoreFace__Urls offers the log")]
    public async Task Settings_that_do_not_fit_are_refused(string argument, string why) =>
        (await Should.ThrowAsync<InvalidOperationException>(
            LedgerServer.Build([.. server.Arguments(server.Home), argument]))).Message.ShouldContain(why);
}
