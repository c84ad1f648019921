using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Problems;

/// <summary>The log takes on no more than it can hold, and says so to whoever comes over HTTP.</summary>
public sealed class OverloadTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    // What every writer of events holds until it has committed.
    private const string Lock = "BEGIN; SELECT pg_advisory_xact_lock(x'4A4946551064'::bigint)";

    private static readonly EventMetadata Metadata = new("test", "test");

    [Fact]
    public async Task A_command_that_the_log_cannot_take_is_sent_away_and_may_come_again()
    {
        await using var others = new NpgsqlConnection(server.Database.SuperuserConnection);
        await others.OpenAsync();
        await Execute(others, Lock);
        using var given = new CancellationTokenSource();
        var waiting = await FillUp(server.Room<IEventLog>(), given.Token);

        var before = await server.Head();
        var refused = await server.AsOperator("POST", "/v1/merchants", ServerUnderTest.Registration("late"));
        refused.Refusal.ShouldBe("503 overloaded");
        refused.Headers["Retry-After"].ShouldBe("1");

        await given.CancelAsync();
        await Execute(others, "ROLLBACK");
        await RunningServer.Until(async () =>
            (await server.AsOperator("POST", "/v1/merchants", ServerUnderTest.Registration("late"))).Status == 201);
        (await server.Head()).ShouldBeLessThanOrEqualTo(before + 1 + waiting);
    }

    /// <summary>Appends for which nobody waits any more once it is cancelled. The log may still take some of them up
    /// while it waits for the lock, so this goes on until it takes on nothing, large or small.</summary>
    private static async Task<int> FillUp(IEventLog log, CancellationToken given)
    {
        var (waiting, taken) = (0, 0);
        do
        {
            await Task.Delay(100, given);
            taken = 0;
            foreach (var size in new[] { AppendCheck.EventBytesMax, 10_000, 100 })
            {
                while (IsTakenOn(log, waiting + taken, size, given))
                    taken++;
            }

            waiting += taken;
        }
        while (taken > 0);
        return waiting;
    }

    private static bool IsTakenOn(IEventLog log, int n, int size, CancellationToken given)
    {
        n.ShouldBeLessThan(100_000, "It takes on everything.");
        var @event = new EventToAppend(Guid.CreateVersion7(), "test.happened", new byte[size]);
        var append = log.Append(new("test", $"{n}"), -1, [@event], Metadata, given);
        return append.Exception?.InnerException is not EventLogOverloadedException;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
