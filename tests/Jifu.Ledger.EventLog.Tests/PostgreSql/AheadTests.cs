using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>A batch whose rows are sent while the one before it is still under way.</summary>
public sealed class AheadTests : IAsyncLifetime
{
    private static readonly EventMetadata Metadata = new("key-7", "request-1");

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private readonly PlannedHeads _planned = new(1000, TimeProvider.System);
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private BatchWriter _first = null!;
    private BatchWriter _second = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _source = NpgsqlDataSource.Create(_database.AppConnection);
        (_first, _second) = (Writer(), Writer());

        // Memory is trusted once nobody else has written in between.
        _planned.Learn(_first.WriteUnderLock([Append("a")]));
        _planned.Learn(_first.WriteUnderLock([Append("b")]));
    }

    public async Task DisposeAsync()
    {
        _first.Dispose();
        _second.Dispose();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task It_is_never_seen_before_the_one_it_follows()
    {
        var (before, ahead) = (Plan("c"), Plan("d"));
        await using var underWay = await UnderWay(before);
        var sent = Task.Run(() => _second.Write(ahead));
        await Waits("SELECT log.follow(%");
        (await Positions()).ShouldBe([0L, 1L]);

        await Execute(underWay, "COMMIT");
        (await sent).ShouldBeTrue();
        (await Positions()).ShouldBe([0L, 1L, 2L, 3L]);
        (await _database.Rows("SELECT count(*) FROM log.batches")).ShouldBe(["4"]);
    }

    [Fact]
    public async Task It_goes_with_the_one_it_follows_and_leaves_nothing_behind()
    {
        var (before, ahead) = (Plan("c"), Plan("d"));
        await using var underWay = await UnderWay(before);
        var sent = Task.Run(() => _second.Write(ahead));
        await Waits("SELECT log.follow(%");
        await Execute(underWay, "ROLLBACK");
        (await sent).ShouldBeFalse();
        (await Positions()).ShouldBe([0L, 1L]);
        (await _database.Rows("""
            SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
            WHERE locktype = 'advisory' AND datname = current_database()
            """)).ShouldBe(["0"]);

        _first.WriteUnderLock([.. before.Appends, .. ahead.Appends]);
        (await Positions()).ShouldBe([0L, 1L, 2L, 3L]);
    }

    [Fact]
    public async Task It_waits_a_little_for_one_that_was_sent_and_has_not_come_to_its_lock()
    {
        for (var i = 0; i < 20; i++)
        {
            var (before, ahead) = (Plan($"c{i}"), Plan($"d{i}"));
            var sent = Task.Run(() => _second.Write(ahead));
            await Follows();
            _first.Write(before).ShouldBeTrue();
            if (await sent)
                return;

            // A busy machine may keep us from being so quick: once more.
            _planned.Committed(before);
            _planned.Learn(_first.WriteUnderLock([.. ahead.Appends]));
        }

        Assert.Fail("It never waited long enough.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public async Task It_takes_nobodys_word_that_the_one_it_follows_is_there(bool? told)
    {
        var (before, ahead) = (Plan("c"), Plan("d"));
        if (told is not null)
            before.Fate.Tell(committed: true);
        _second.Write(ahead).ShouldBeFalse();
        (await Positions()).ShouldBe([0L, 1L]);
    }

    [Fact]
    public async Task Behind_one_whose_place_another_process_took_it_goes_too()
    {
        using var other = Writer();
        var (_, ahead, last) = (Plan("c"), Plan("d"), Plan("e"));
        other.WriteUnderLock([Append("f")]);
        _second.Write(last).ShouldBeFalse();
        _second.Write(ahead).ShouldBeFalse();
        (await _database.Rows("SELECT stream FROM log.events WHERE position > 1")).ShouldBe(["test-f"]);
    }

    [Fact]
    public async Task Another_process_that_asks_waits_for_it_and_comes_behind()
    {
        using var other = Writer();
        var (before, ahead) = (Plan("c"), Plan("d"));
        await using var underWay = await UnderWay(before);
        var sent = Task.Run(() => _second.Write(ahead));
        await Waits("SELECT log.follow(%");
        var asked = Task.Run(() => other.WriteUnderLock([Append("e")]));
        await Waits("SELECT pg_advisory_xact_lock(%");

        // What is sent from now on would wait behind the other's question, whose answer makes its plan old.
        await Execute(underWay, "ROLLBACK");
        (await sent).ShouldBeFalse();
        (await asked).Rows.Head.Position.ShouldBe(2);
        _first.Write(before).ShouldBeFalse();
        (await Positions()).ShouldBe([0L, 1L, 2L]);
    }

    [Fact]
    public async Task Of_many_batches_under_way_only_what_is_refused_fails()
    {
        await using (var owner = new NpgsqlConnection(_database.OwnerConnection))
        {
            await owner.OpenAsync();
            await using var refuse = new NpgsqlCommand(
                "ALTER TABLE log.events ADD CHECK (stream <> 'test-1234')", owner);
            await refuse.ExecuteNonQueryAsync();
        }

        await using var log = new PostgreSqlEventLog(
            _database.AppConnection, TimeProvider.System, new(BatchAppendsMax: 100));
        var appends = Enumerable.Range(0, 2_000).Select(i => log.Append(
            new("test", $"{i}"), -1, [new(_ids.Next(), "test.happened", new byte[] { 1 })], Metadata, default))
            .ToList();
        await Should.ThrowAsync<InvalidOperationException>(appends[1234]);
        appends.RemoveAt(1234);
        (await Task.WhenAll(appends)).Select(result => result.Position).Order()
            .ShouldBe(Enumerable.Range(2, 1_999).Select(i => (long)i));
        (await Positions()).ShouldBe(Enumerable.Range(0, 2_001).Select(i => (long)i));
    }

    [Fact]
    public async Task No_batch_takes_more_than_half_of_many_that_wait()
    {
        await using var log = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 700).Select(i => log.Append(
            new("test", $"{i}"), -1, [new(_ids.Next(), "test.happened", new byte[] { 1 })], Metadata, default)));
        (await _database.Rows("SELECT max(last_position - first_position + 1) <= 350 FROM log.batches"))
            .ShouldBe(["True"]);
    }

    private AppendBatch Plan(string stream) => _planned.Plan([Append(stream)], _first)!;

    private PendingAppend Append(string stream) => PendingAppend.Checked(
        new("test", stream), -1, [new(_ids.Next(), "test.happened", new byte[] { 1, 2, 3 })], Metadata);

    /// <summary>A transaction that has written a batch as the writer does, and is not committed.</summary>
    private async Task<NpgsqlConnection> UnderWay(AppendBatch batch)
    {
        var connection = await _source.OpenConnectionAsync();
        await Execute(connection, "BEGIN");
        await Execute(connection, $"""
            SELECT pg_advisory_xact_lock_shared({BatchWriter.LockKey}),
                pg_advisory_xact_lock(x'4A494655'::int, {batch.Rows.Head.Position})
            """);
        await using var statements = new NpgsqlBatch(connection);
        InsertEvents.AddTo(statements, batch.Rows);
        await statements.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private async Task Follows()
    {
        while (await _database.Rows("""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT log.follow(%'
            """) is not ["1"])
            await Task.Delay(5);
    }

    private async Task Waits(string query)
    {
        while (await _database.Rows($"""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '{query}'
            """) is not ["1"])
            await Task.Delay(5);
    }

    private async Task<IEnumerable<long>> Positions() =>
        (await _database.Rows("SELECT position FROM log.events ORDER BY position")).Select(long.Parse);

    private BatchWriter Writer() => new(_source, TimeProvider.System, new(NullLogger.Instance));
}
