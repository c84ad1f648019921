using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Faults;

/// <summary>The log holds what this program cannot read: a damaged row (it happens to disks), or what a newer program
/// wrote (it happens in a rolling upgrade).</summary>
public sealed class DamagedLogTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task What_cannot_be_read_is_named_refused_and_passed_by_nobody()
    {
        var shop = await Shop.Open(server, "damaged");
        var (damaged, newer) = (await shop.Paid("a", 100), await shop.Paid("b", 200));
        await server.CaughtUp();
        await Damage($"payment-{damaged}");
        var unknown = await ByANewerProgram(new("payment", newer));
        await server.Restart();

        // Named, and nothing moves.
        var head = await server.Head();
        (await shop.Payment(damaged)).Refusal.ShouldBe("500 record_unreadable");
        var refused = await shop.Refund(damaged, "r1", 50);
        refused.Refusal.ShouldBe("500 record_unreadable");
        refused["detail"].ShouldContain($"in stream payment-{damaged} of type payment.created");
        var alien = await shop.Refund(newer, "r1", 50);
        alien.Refusal.ShouldBe("500 record_unreadable");
        alien["detail"].ShouldContain($"Event {unknown} in stream payment-{newer} of type payment.teleported");
        (await server.Head()).ShouldBe(head);

        // Everything else goes on; views and notices wait in front of it, and say so.
        (await shop.Paid("c", 300)).ShouldNotBeNull();
        await RunningServer.Until(async () => (await server.Send(null, "GET", "/health/ready")).Status == 503);
        (await server.AsSuperuser<long>("SELECT max(position) FROM views.checkpoint")).ShouldBe(unknown - 1);
        (await server.AsSuperuser<long>("SELECT position FROM notices.checkpoint")).ShouldBe(unknown - 1);
        (await server.AsOperator("GET", "/v1/ops/projections")).Body.ShouldContain("payment.teleported");
    }

    private async Task Damage(string stream)
    {
        await using var connection = new NpgsqlConnection(server.Database.SuperuserConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            ALTER TABLE log.events DISABLE TRIGGER USER;
            UPDATE log.events SET payload = set_byte(payload, 3, 7) WHERE stream = @stream AND version = 0;
            ALTER TABLE log.events ENABLE ALWAYS TRIGGER append_only;
            """, connection);
        command.Parameters.AddWithValue("stream", stream);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ByANewerProgram(StreamName stream)
    {
        await using var log = new PostgreSqlEventLog(server.Database.AppConnection, TimeProvider.System);
        var version = (await log.ReadStream(stream, -1, 1000, default))[^1].Version;
        var result = await log.Append(
            stream, version, [new(Guid.NewGuid(), "payment.teleported", "{}"u8.ToArray())], new("newer", "newer"),
            default);
        return result.Position;
    }
}
