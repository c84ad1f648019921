using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
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
        (_first, _second) = (new(_source, TimeProvider.System), new(_source, TimeProvider.System));

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
        var sent = Task.Run(() => _second.Write(ahead));
        await RowsAreSent();
        (await Positions()).ShouldBe([0L, 1L]);

        _first.Write(before).ShouldBeTrue();
        (await Positions()).ShouldBe([0L, 1L, 2L]);
        sent.IsCompleted.ShouldBeFalse();
        before.Fate.Tell(committed: true);
        (await sent).ShouldBeTrue();
        (await Positions()).ShouldBe([0L, 1L, 2L, 3L]);
        (await _database.Rows("SELECT count(*) FROM log.batches")).ShouldBe(["4"]);
    }

    [Fact]
    public async Task It_goes_with_the_one_it_follows_and_leaves_nothing_behind()
    {
        var (before, ahead) = (Plan("c"), Plan("d"));
        var sent = Task.Run(() => _second.Write(ahead));
        await RowsAreSent();
        before.Fate.Tell(committed: false);
        (await sent).ShouldBeFalse();
        (await Positions()).ShouldBe([0L, 1L]);
        (await Transactions("%")).ShouldBe(["0"]);

        _first.WriteUnderLock([.. before.Appends, .. ahead.Appends]);
        (await Positions()).ShouldBe([0L, 1L, 2L, 3L]);
    }

    [Fact]
    public async Task It_takes_nobodys_word_that_the_one_it_follows_is_there()
    {
        var (before, ahead) = (Plan("c"), Plan("d"));
        var sent = Task.Run(() => _second.Write(ahead));
        await RowsAreSent();
        before.Fate.Tell(committed: true);
        (await sent).ShouldBeFalse();
        (await Positions()).ShouldBe([0L, 1L]);
    }

    [Fact]
    public async Task Another_process_that_asks_waits_for_it_and_comes_behind()
    {
        using var other = new BatchWriter(_source, TimeProvider.System);
        var (before, ahead) = (Plan("c"), Plan("d"));
        var sent = Task.Run(() => _second.Write(ahead));
        await RowsAreSent();
        var asked = Task.Run(() => other.WriteUnderLock([Append("e")]));
        await Waits("SELECT pg_advisory_xact_lock(%");

        // What is sent from now on would wait behind the other's question, whose answer makes its plan old.
        before.Fate.Tell(committed: false);
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

    private AppendBatch Plan(string stream) => _planned.Plan([Append(stream)], _first)!;

    private PendingAppend Append(string stream) => PendingAppend.Checked(
        new("test", stream), -1, [new(_ids.Next(), "test.happened", new byte[] { 1, 2, 3 })], Metadata);

    private async Task RowsAreSent()
    {
        while (await Transactions("INSERT INTO log.batches%") is not ["1"])
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

    private Task<List<string>> Transactions(string query) => _database.Rows($"""
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in%' AND query LIKE '{query}'
        """);

    private async Task<IEnumerable<long>> Positions() =>
        (await _database.Rows("SELECT position FROM log.events ORDER BY position")).Select(long.Parse);
}
