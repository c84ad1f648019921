using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>A node that holds the log's lock and does not go on is cut off, and the others write.</summary>
/// <remarks>Each would wait for ever without that; an append gives up after ten seconds.</remarks>
public sealed class StuckNodeTests : IAsyncLifetime
{
    private static readonly EventMetadata Metadata = new("key-7", "request-1");

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stuck_process_with_its_transaction_open_is_cut_off_by_who_waits(bool shares)
    {
        await using var log = Open(_database.AppConnection);
        await log.Append(Stream(0), -1, [Event(3)], Metadata, default);
        await using var stuck = await StuckWriter.Begin(_database.AppConnection, takesTheLock: true, shares);
        await stuck.Insert(position: 1, stream: "test-other");

        (await log.Append(Stream(1), -1, [Event(3)], Metadata, default)).Position.ShouldBe(1);
        await Should.ThrowAsync<NpgsqlException>(stuck.Commit());
        (await log.ReadAll(-1, 100_000, default)).Select(e => e.Stream).ShouldBe([Stream(0), Stream(1)]);
    }

    [Fact]
    public async Task A_node_stopped_while_it_sent_is_cut_off_and_writes_again_when_it_wakes()
    {
        var server = new NpgsqlConnectionStringBuilder(_database.AppConnection);
        await using var wire = new HeldWire(server.Port);
        server.Port = wire.Port;
        await using var stopped = Open(server.ConnectionString);
        await using var other = Open(_database.AppConnection);
        for (var version = -1; version < 3; version++)
            await stopped.Append(Stream(0), version, [Event(3)], Metadata, default);

        wire.HoldNext();
        var held = stopped.Append(Stream(0), 3, [Event(50_000)], Metadata, default);
        await wire.Held;
        var (first, second) = (await other.Append(Stream(1), -1, [Event(3)], Metadata, default), await held);
        (first.Outcome, second.Outcome).ShouldBe((AppendOutcome.Appended, AppendOutcome.Appended));
        new[] { first.Position, second.Position }.Order().ShouldBe([4L, 5L]);
        (await stopped.Append(Stream(0), 4, [Event(3)], Metadata, default)).Position.ShouldBe(6);
    }

    [Fact]
    public async Task A_session_of_the_log_that_asks_for_nothing_in_a_transaction_is_ended_by_the_database()
    {
        await using var log = Open(_database.AppConnection);
        await log.Append(Stream(0), -1, [Event(3)], Metadata, default);
        (await _database.Rows("""
            SELECT string_agg(DISTINCT usename, ','), count(*) > 0 FROM pg_stat_activity
            WHERE application_name = 'jifu event log' AND datname = current_database()
            """)).ShouldBe(["jifu_app True"]);
        var settings = new NpgsqlConnectionStringBuilder(_database.AppConnection)
        {
            Options = PostgreSqlEventLog.ServerOptions,
            Pooling = false,
        };
        await using var idle = await StuckWriter.Begin(settings.ConnectionString, takesTheLock: false);
        await Task.Delay(TimeSpan.FromSeconds(4));
        await Should.ThrowAsync<NpgsqlException>(idle.Commit());
    }

    private static PostgreSqlEventLog Open(string connection) => new(connection, TimeProvider.System);

    private EventToAppend Event(int bytes) => new(_ids.Next(), "test.happened", new byte[bytes]);

    private static StreamName Stream(int n) => new("test", $"s-{n}");
}
