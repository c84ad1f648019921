using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>Who reads a stream again is told what the log holds, also where nothing new is read from the
/// database.</summary>
public sealed class QuietStreamTests : IAsyncLifetime
{
    private static readonly EventMetadata Metadata = new("key-7", "request-1");
    private static readonly StreamName Watched = new("test", "watched");

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task What_anybody_has_appended_is_read_at_once_while_other_streams_are_written()
    {
        await using var log = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        await using var other = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var noise = Task.WhenAll(Enumerable.Range(0, 20).Select(caller => Task.Run(async () =>
        {
            for (var version = -1L; !stop.IsCancellationRequested; version++)
                await Append(log, new("test", $"noise-{caller}"), version);
        })));
        for (var version = -1L; version < 150; version++)
        {
            (await Read(log, version)).ShouldBeEmpty();
            (await Read(log, version)).ShouldBeEmpty();
            await Append(version % 3 == 0 ? other : log, Watched, version);
            (await Read(log, version)).ShouldBe([version + 1]);
            (await Read(log, -1)).Length.ShouldBe((int)version + 2);
        }

        await stop.CancelAsync();
        await noise;
    }

    [Fact]
    public async Task A_log_that_holds_nothing_says_so_as_often_as_it_is_asked()
    {
        await using var log = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        (await Read(log, -1)).ShouldBeEmpty();
        (await Read(log, -1).WaitAsync(TimeSpan.FromMinutes(1))).ShouldBeEmpty();
    }

    [Fact]
    public void A_stream_is_quiet_until_one_of_ours_comes_or_somebody_else_has_written()
    {
        var quiet = new QuietStreams(2);
        var head = Committed(quiet, LogHead.Empty, "a");
        var mark = quiet.Watch("test-a");
        quiet.Holds("test-a", 0).ShouldBeFalse();
        quiet.Read(mark, 0);
        quiet.Holds("test-a", -1).ShouldBeFalse();
        quiet.Holds("test-a", 0).ShouldBeTrue();

        head = Committed(quiet, head, "b");
        (quiet.Holds("test-a", 0), quiet.KnownTo).ShouldBe((true, 1));
        head = Committed(quiet, head, "a");
        quiet.Holds("test-a", 1).ShouldBeFalse();

        quiet.Read(quiet.Watch("test-a"), 1);
        Committed(quiet, head with { Position = head.Position + 1 }, "b");
        quiet.Holds("test-a", 1).ShouldBeFalse();
    }

    [Fact]
    public void What_is_read_while_one_of_ours_comes_is_not_taken_for_the_end()
    {
        var quiet = new QuietStreams(2);
        var mark = quiet.Watch("test-a");
        Committed(quiet, LogHead.Empty, "a");
        quiet.Read(mark, -1);
        quiet.Holds("test-a", -1).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_who_ask_where_the_log_ends_each_is_told_what_was_asked_after_he_came()
    {
        var (begun, ended) = (0L, 0L);
        var head = new SharedHead(async () =>
        {
            var question = Interlocked.Increment(ref begun);
            await Task.Delay(2);
            Interlocked.Increment(ref ended);
            return question;
        });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 20; n++)
            {
                var before = Interlocked.Read(ref begun);
                (await head.Now()).ShouldBeGreaterThan(before);
            }
        })));
        ended.ShouldBe(begun);
        begun.ShouldBeLessThan(50 * 20 / 4);
    }

    private LogHead Committed(QuietStreams quiet, LogHead head, string stream)
    {
        var rows = new EventRows(head, head.Next(TimeProvider.System.GetUtcNow()), 1);
        rows.Add(PendingAppend.Checked(
            new("test", stream), 0, [new(_ids.Next(), "test.happened", new byte[] { 1 })], Metadata));
        rows.Close();
        quiet.Committed(rows);
        return rows.Head;
    }

    private Task<AppendResult> Append(PostgreSqlEventLog log, StreamName stream, long version) => log.Append(
        stream, version, [new(_ids.Next(), "test.happened", new byte[] { 1, 2, 3 })], Metadata, default);

    private static async Task<long[]> Read(PostgreSqlEventLog log, long afterVersion) =>
        [.. (await log.ReadStream(Watched, afterVersion, 1000, default)).Select(e => e.Version)];
}
