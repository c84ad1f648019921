using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>What a process has just written is read without the database, and never passed off as all there
/// is.</summary>
public sealed class RecentEventsTests : IAsyncLifetime
{
    private static readonly EventMetadata Metadata = new("key-7", "request-1", "command-1");

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task What_was_just_written_is_read_without_the_database_the_same_as_with_it()
    {
        await using var log = Open();
        await using var other = Open();
        for (var i = 0; i < 5; i++)
            await log.Append(Stream(i), -1, [Event(), Event()], Metadata with { CausationId = null }, default);
        var stored = await other.ReadAll(-1, 100, default);
        await _database.DisposeAsync();

        foreach (var (after, max) in new[] { (-1, 100), (-1, 3), (0, 4), (4, 5), (8, 1) })
            (await log.ReadAll(after, max, default)).Select(Told)
                .ShouldBe(stored.Skip(after + 1).Take(max).Select(Told));
        await Should.ThrowAsync<EventLogUnavailableException>(log.ReadAll(9, 10, default));
    }

    [Fact]
    public async Task What_another_process_wrote_in_between_is_not_missing()
    {
        await using var log = Open();
        await using var other = Open();
        for (var i = 0; i < 12; i++)
            await (i % 4 == 3 ? other : log).Append(Stream(i), -1, [Event()], Metadata, default);
        for (var after = -1L; after < 11; after++)
        {
            var seen = after;
            while (await log.ReadAll(seen, 5, default) is { Count: > 0 } page)
            {
                page.Select(e => e.Position).ShouldBe(Enumerable.Range(1, page.Count).Select(n => seen + n));
                seen = page[^1].Position;
            }

            seen.ShouldBe(11);
        }
    }

    [Fact]
    public void Batches_may_be_told_of_out_of_order_and_a_gap_forgets_what_was_before()
    {
        var recent = new RecentEvents(100, 1 << 20);
        var batches = new List<EventRows> { Rows(LogHead.Empty, 3) };
        for (var i = 0; i < 5; i++)
            batches.Add(Rows(batches[^1].Head, 3));

        recent.Add(batches[1]);
        recent.Add(batches[0]);
        recent.Add(batches[2]);
        Read(recent, -1, 100).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8]);
        recent.Add(batches[5]);
        Read(recent, -1, 100).ShouldBeNull();
        Read(recent, 14, 100).ShouldBe([15, 16, 17]);
        recent.Add(batches[4]);
        Read(recent, 12, 3).ShouldBe([13, 14, 15]);
        recent.Add(batches[1]);
        Read(recent, 2, 3).ShouldBeNull();
        Read(recent, 17, 3).ShouldBeNull();
    }

    [Fact]
    public void Memory_is_bounded_in_events_and_in_bytes()
    {
        var (few, small) = (new RecentEvents(7, 1 << 20), new RecentEvents(1_000, 5_000));
        var rows = Rows(LogHead.Empty, 3);
        for (var i = 0; i < 100; i++, rows = Rows(rows.Head, 3))
        {
            few.Add(rows);
            small.Add(rows);
        }

        Read(few, 292, 7).ShouldBeNull();
        Read(few, 293, 7).ShouldBe([294, 295, 296, 297, 298, 299]);
        Read(small, 293, 7).ShouldBe([294, 295, 296, 297, 298, 299]);
        Read(small, 290, 7).ShouldBeNull();
        Read(few, 293, 8).ShouldBeNull();
    }

    private EventRows Rows(LogHead head, int count)
    {
        var rows = new EventRows(head, head.RecordedAt, count);
        rows.Add(PendingAppend.Checked(
            Stream(1), head.Position, [.. Enumerable.Range(0, count).Select(_ => Event())], Metadata));
        rows.Close();
        return rows;
    }

    private static IEnumerable<long>? Read(RecentEvents recent, long after, int max) =>
        recent.TryRead(after, max, out var page) ? page.Select(e => e.Position) : null;

    private static string Told(RecordedEvent e) =>
        $"{e with { Payload = default }} {Convert.ToHexString(e.Payload.Span)}";

    private PostgreSqlEventLog Open() => new(_database.AppConnection, TimeProvider.System);

    private EventToAppend Event() => new(_ids.Next(), "test.happened", new byte[] { 1, 2, 3 });

    private static StreamName Stream(int n) => new("test", $"s-{n}");
}
