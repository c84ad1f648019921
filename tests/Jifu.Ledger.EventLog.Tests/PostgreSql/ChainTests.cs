using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>Every event is chained to the one before it, and every batch has its root, whoever wrote it.</summary>
public sealed class ChainTests : IAsyncLifetime
{
    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task What_two_nodes_write_at_once_is_one_chain_and_its_batches_cover_it()
    {
        await using var first = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        await using var second = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        for (var version = -1; version < 2; version++)
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
                (i % 100 < 90 ? first : second).Append(Stream(i), (version + 1) * (1 + (i % 3)) - 1,
                    [.. Enumerable.Range(0, 1 + (i % 3)).Select(_ => Event(i))], Metadata(i), default)));
        }

        (await first.Head(default)).ShouldBe(1799);
        await ShouldBeWhole(first);
    }

    [Fact]
    public async Task Time_never_goes_back_within_a_log_and_counts_microseconds()
    {
        var clock = new SetClock(new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero));
        await using (var log = new PostgreSqlEventLog(_database.AppConnection, clock))
        {
            foreach (var ticks in new long[] { 17, 0, -36_000_000_000, 20 })
            {
                clock.Now = new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero).AddTicks(ticks);
                await log.Append(Stream(1), await log.Head(default), [Event(0)], Metadata(1), default);
            }
        }

        // Another node, whose clock is behind.
        clock.Now = clock.Now.AddHours(-1);
        await using var behind = new PostgreSqlEventLog(_database.AppConnection, clock);
        await behind.Append(Stream(1), 3, [Event(0)], Metadata(1), default);
        (await behind.ReadAll(-1, 10, default)).Select(e => e.RecordedAt.Ticks % TimeSpan.TicksPerSecond)
            .ShouldBe([10L, 10L, 10L, 20L, 20L]);
        await ShouldBeWhole(behind);
    }

    [Fact]
    public async Task A_log_of_the_time_before_is_chained_when_it_is_migrated()
    {
        await using var database = await TestDatabase.Create([]);
        await UnchainedLog.Make(database, events: 2_345);
        var (payloads, ids) = (await database.Sum("payload"), await database.Sum("event_id"));

        await Migrator.Migrate(database.OwnerConnection, [SchemaModule.EventLog], default);

        (await database.Sum("payload"), await database.Sum("event_id")).ShouldBe((payloads, ids));
        await using var log = new PostgreSqlEventLog(database.AppConnection, TimeProvider.System);
        (await log.Append(Stream(1), -1, [Event(1), Event(2)], Metadata(1), default)).Position.ShouldBe(2_346);
        await ShouldBeWhole(log, database);
        (await database.Rows("SELECT first_position, last_position FROM log.batches ORDER BY 1"))
            .ShouldBe(["0 999", "1000 1999", "2000 2344", "2345 2346"]);
    }

    [Fact]
    public async Task An_empty_log_is_migrated_too_and_has_a_name_of_its_own()
    {
        (await _database.Rows("SELECT count(*) FROM log.batches")).ShouldBe(["0"]);
        (await _database.Rows("SELECT count(log_id) FROM log.identity")).ShouldBe(["1"]);
    }

    private async Task ShouldBeWhole(PostgreSqlEventLog log, TestDatabase? database = null)
    {
        database ??= _database;
        var links = await database.Rows("SELECT encode(link, 'hex') FROM log.events ORDER BY position");
        var inSql = await database.Rows("""
            SELECT encode(log.event_link(
                lag(link, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY position), position, stream, version,
                event_id, type, recorded_at, actor, correlation_id, causation_id, payload), 'hex')
            FROM log.events ORDER BY position
            """);
        inSql.ShouldBe(links);

        var chain = new EventLink();
        var events = await log.ReadAll(-1, int.MaxValue, default);
        events.Select(e => Convert.ToHexStringLower(chain.Extend(e))).ShouldBe(links);

        var batches = await database.Rows(
            "SELECT first_position, last_position, encode(root, 'hex') FROM log.batches ORDER BY first_position");
        var next = 0;
        foreach (var batch in batches.Select(row => row.Split(' ')))
        {
            int.Parse(batch[0]).ShouldBe(next);
            next = int.Parse(batch[1]) + 1;
            batch[2].ShouldBe(Root(links[int.Parse(batch[0])..next]));
        }

        next.ShouldBe(events.Count);
    }

    private static string Root(IEnumerable<string> links)
    {
        var tree = new MerkleTree();
        foreach (var link in links)
            tree.Add(Convert.FromHexString(link));
        var root = new byte[EventLink.Size];
        tree.Root(root);
        return Convert.ToHexStringLower(root);
    }

    private EventToAppend Event(int n) => new(_ids.Next(), "test.happened", new byte[n % 700]);

    private static EventMetadata Metadata(int n) => new("操作员", $"request-{n}", n % 2 == 0 ? "notice-7" : null);

    private static StreamName Stream(int n) => new("test", $"流-{n}");

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
