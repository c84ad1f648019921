using System.Diagnostics;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Health;

[Collection("server")]
public class HealthTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_running_server_is_live_and_ready_and_describes_itself()
    {
        (await server.Send(null, "GET", "/health/live")).Status.ShouldBe(200);
        var ready = await server.Send(null, "GET", "/health/ready");
        ready.Status.ShouldBe(200);
        ready["status"].ShouldBe("ok");
        ready.Body.ShouldContain("database_writable");
        var described = await server.Send(null, "GET", "/openapi/v1.json");
        described.Status.ShouldBe(200);
        described["openapi"].ShouldStartWith("3.1");
        described.Body.ShouldContain("/v1/merchants");
    }

    [Theory]
    [InlineData("LOCK TABLE log.events IN ACCESS EXCLUSIVE MODE", "holds a lock on log.events")]
    [InlineData("LOCK TABLE log.events IN SHARE MODE", "holds a lock on log.events")]
    [InlineData("SELECT pg_advisory_xact_lock(x'4A4946551064'::bigint)", "holds the lock of the log's writers")]
    public async Task Whoever_keeps_events_from_being_written_is_told_and_afterwards_all_goes_on(
        string hold, string said)
    {
        var shop = await Shop.Open(server, $"held-{said.Length}-{hold.Length}");
        await using var holder = new NpgsqlConnection(server.Database.SuperuserConnection);
        await holder.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
#pragma warning disable CA2100 // The test's own text.
        await using (var command = new NpgsqlCommand(hold, holder))
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        var paid = shop.Pay(new("a", 100_00));
        for (var time = 0; time < 3; time++)
        {
            var began = Stopwatch.StartNew();
            var ready = await server.Send(null, "GET", "/health/ready");
            began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
            ready.Status.ShouldBe(503);
            ready.Body.ShouldContain($"session {holder.ProcessID} of the database {said}");
        }

        await transaction.RollbackAsync();
        await RunningServer.Until(async () => (await server.Send(null, "GET", "/health/ready")).Status == 200);
        (await paid).Status.ShouldBeOneOf(201, 503);
        (await shop.Pay(new("a", 100_00))).Status.ShouldBeOneOf(200, 201);
        await server.CaughtUp();
    }
}
