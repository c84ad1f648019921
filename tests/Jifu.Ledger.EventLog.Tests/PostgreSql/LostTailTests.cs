using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>The database loses the log's end beneath a process that was told of it, as when a standby takes over that
/// had not got it yet: nothing that the process remembers comes out of it any more, and nothing goes in.</summary>
public sealed class LostTailTests : IAsyncLifetime
{
    private const int Count = 101;
    private static readonly EventMetadata Metadata = new("key-7", "request-1");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Who_wrote_what_is_gone_neither_reads_nor_writes_any_more()
    {
        await using var log = Open();
        await Append(log, 0, Count);
        await LoseAfter(98);

        (await Found(log, () => log.Head(default))).ShouldBe(
            "The event log has lost its end: the log ends at position 98, but this process was told that position 100 "
            + "is committed.");
        await Should.ThrowAsync<EventLogUnavailableException>(log.ReadAll(98, 10, default));
        await Should.ThrowAsync<EventLogUnavailableException>(log.ReadStream(Stream(100), -1, 10, default));
        await Should.ThrowAsync<EventLogUnavailableException>(
            log.Append(Stream(200), -1, [Event()], Metadata, default).WaitAsync(Patience));
        (await log.TailLost.WaitAsync(Patience)).ShouldContain("position 98");
    }

    [Fact]
    public async Task An_append_finds_it_out_too()
    {
        await using var log = Open();
        await Append(log, 0, Count);
        await LoseAfter(98);
        await Should.ThrowAsync<EventLogUnavailableException>(
            log.Append(Stream(200), -1, [Event()], Metadata, default).WaitAsync(Patience));
        log.TailLost.IsCompleted.ShouldBeTrue();
        await using var fresh = Open();
        (await fresh.Head(default)).ShouldBe(98);
    }

    [Fact]
    public async Task What_another_has_written_in_its_place_hides_nothing()
    {
        await using var log = Open();
        await Append(log, 0, Count);
        await LoseAfter(98);
        await using (var other = Open())
            await Append(other, 300, 20);
        (await Found(log, () => log.ReadStream(Stream(7), -1, 10, default))).ShouldBe(
            "The event log has lost its end: position 100 of the log is not the event that this process has written "
            + "there.");
    }

    [Fact]
    public async Task Who_has_only_read_it_notices_too()
    {
        await using var writer = Open();
        await using var log = Open();
        await Append(writer, 0, Count);
        (await log.ReadAll(-1, 1000, default)).Count.ShouldBe(Count);
        await LoseAfter(98);
        (await Found(log, () => log.ReadAll(100, 10, default))).ShouldNotBeNull()
            .ShouldContain("position 100 is committed");
    }

    [Fact]
    public async Task New_connections_to_the_same_log_lose_nothing()
    {
        await using var log = Open();
        await Append(log, 0, Count);
        await EndConnections();
        await Found(log, () => log.Head(default));
        (await log.Head(default)).ShouldBe(100);
        await Append(log, 300, 3);
        (await log.Head(default)).ShouldBe(103);
        log.TailLost.IsCompleted.ShouldBeFalse();
    }

    private PostgreSqlEventLog Open() => new(_database.AppConnection, TimeProvider.System);

    private async Task Append(PostgreSqlEventLog log, int first, int count)
    {
        for (var i = first; i < first + count; i++)
            (await log.Append(Stream(i), -1, [Event()], Metadata, default)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    // A connection that was ended is found out by its next use; only then another one is opened.
    private static async Task<string?> Found(PostgreSqlEventLog log, Func<Task> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await read();
                return null;
            }
            catch (EventLogUnavailableException e) when (log.TailLost.IsCompleted || attempt == 20)
            {
                return e.Message;
            }
            catch (EventLogUnavailableException)
            {
                // Not told yet.
            }
        }
    }

    // The database as it was before, to which nobody is connected yet.
    private async Task LoseAfter(long position)
    {
        await Execute($"""
            ALTER TABLE log.events DISABLE TRIGGER ALL; ALTER TABLE log.batches DISABLE TRIGGER ALL;
            DELETE FROM log.events WHERE position > {position};
            DELETE FROM log.batches WHERE last_position > {position};
            ALTER TABLE log.events ENABLE TRIGGER ALL; ALTER TABLE log.batches ENABLE TRIGGER ALL
            """);
        await EndConnections();
    }

    private Task EndConnections() => Execute("""
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'jifu event log'
        """);

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnection);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Of the test itself.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private EventToAppend Event() => new(_ids.Next(), "test.happened", new byte[] { 1, 2, 3 });

    private static StreamName Stream(int n) => new("test", $"s-{n}");
}
