using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.Server.Tests.Faults;

/// <summary>A server whose database can be made to take no writes, as a managed PostgreSQL does whose disk fills, or a
/// primary that was demoted.</summary>
public sealed class ServerOnOwnCluster : ServerUnderTest, IDisposable
{
    private readonly TestCluster _cluster = TestCluster.Start(durable: false);

    public void Dispose() => _cluster.Dispose();

    /// <summary>For everybody but the superuser.</summary>
    public async Task TakeWrites(bool taken)
    {
        await AsSuperuser<object>("ALTER ROLE postgres SET default_transaction_read_only = off");
        await AsSuperuser<object>($"ALTER SYSTEM SET default_transaction_read_only = {(taken ? "off" : "on")}");
        await AsSuperuser<object>("SELECT pg_reload_conf()");
        await Until(async () => (await Send(null, "GET", "/health/ready")).Status == 200 == taken);
    }

    protected override Task<TestDatabase> MakeDatabase() => TestDatabase.Create(_cluster, ServerSchema.Modules);
}

public sealed class ReadOnlyDatabaseTests(ServerOnOwnCluster server) : IClassFixture<ServerOnOwnCluster>
{
    [Fact]
    public async Task While_the_database_takes_no_writes_people_read_and_afterwards_all_goes_on_by_itself()
    {
        var shop = await Shop.Open(server, "readonly");
        var paid = await shop.Paid("a", 100_00);
        await server.CaughtUp();
        await server.TakeWrites(false);

        // Views and notices would have to pass this.
        await using (var log = new PostgreSqlEventLog(server.Database.SuperuserConnection, TimeProvider.System))
            (await log.Append(
                new("ext.shop", "1"), -1, [new(Guid.NewGuid(), "ext.sold", "{}"u8.ToArray())], new("other", "other"),
                default)).Outcome.ShouldBe(AppendOutcome.Appended);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var refused = await shop.Refund(paid!, "r1", 30_00);
        refused.Refusal.ShouldBe("503 unavailable");
        refused.Headers["Retry-After"].ShouldBe("2");
        refused["detail"].ShouldEndWith("This request has done nothing.");
        var unpaid = await shop.Pay(new("b", 50_00));
        unpaid.Refusal.ShouldBe("503 unavailable");
        unpaid["detail"].ShouldEndWith("This request has done nothing.");
        (await shop.Payment(paid!)).Refusal.ShouldBe("200");
        (await server.AsOperator("GET", "/v1/ops/projections")).Body.ShouldNotContain("read-only");
        (await server.Send(null, "GET", "/health/ready")).Body.ShouldNotContain("stopped");

        await server.TakeWrites(true);
        (await shop.Refund(paid!, "r1", 30_00)).Status.ShouldBeLessThan(300);
        await server.CaughtUp();
        var head = await server.Head();
        await RunningServer.Until(async () =>
            await server.AsSuperuser<long>("SELECT position FROM notices.checkpoint") >= head);
    }
}
