using System.Diagnostics;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>What the log does when the database, the wire or another writer misbehaves.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly EventMetadata Metadata = new("key-7", "request-1");

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_never_passes_a_transaction_that_is_still_open(bool takesTheLock)
    {
        await using var log = Open();
        await log.Append(Stream(0), -1, [Event()], Metadata, default);
        await using var stuck = await StuckWriter.Begin(_database.AppConnection, takesTheLock);
        await stuck.Insert(position: 1, stream: "test-other");

        var append = log.Append(Stream(1), -1, [Event()], Metadata, default);
        await Task.Delay(300);
        append.IsCompleted.ShouldBeFalse();
        (await log.ReadAll(-1, 10, default)).Select(e => e.Position).ShouldBe([0L]);

        await stuck.Commit();
        (await append).ShouldBe(new(AppendOutcome.Appended, 0, 2));
        (await log.ReadAll(0, 10, default)).Select(e => $"{e.Position} {e.Stream}")
            .ShouldBe(["1 test-other", "2 test-s-1"]);
    }

    [Fact]
    public async Task A_writer_that_dies_with_its_transaction_open_leaves_no_gap()
    {
        await using var log = Open();
        await using (var stuck = await StuckWriter.Begin(_database.AppConnection, takesTheLock: true))
            await stuck.Insert(position: 0, stream: "test-other");
        (await log.Append(Stream(1), -1, [Event()], Metadata, default)).Position.ShouldBe(0);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_counts_once()
    {
        var server = new NpgsqlConnectionStringBuilder(_database.AppConnection);
        await using var wire = new CutWire(server.Port);
        server.Port = wire.Port;
        await using var log = new PostgreSqlEventLog(server.ConnectionString, TimeProvider.System);
        for (var version = -1; version < 4; version++)
            await log.Append(Stream(0), version, [Event()], Metadata, default);

        // The append itself, and twice what looks whether it is there.
        wire.CutNextAppends(1);
        wire.CutNextCommits(2);
        EventToAppend[] events = [Event(), Event()];
        (await log.Append(Stream(1), -1, events, Metadata, default))
            .ShouldBe(new(AppendOutcome.AlreadyAppended, 1, 6));
        (await log.Append(Stream(1), -1, events, Metadata, default))
            .ShouldBe(new(AppendOutcome.AlreadyAppended, 1, 6));
        (wire.AppendsCut, wire.CutsMade).ShouldBe((1, 3));
        (await log.ReadAll(-1, 10, default)).Select(e => e.Position).ShouldBe([0L, 1L, 2L, 3L, 4L, 5L, 6L]);
    }

    [Fact]
    public async Task Answers_lost_under_load_lose_nothing_and_double_nothing()
    {
        const int appends = 5_000;
        var server = new NpgsqlConnectionStringBuilder(_database.AppConnection);
        await using var wire = new CutWire(server.Port);
        server.Port = wire.Port;
        await using var log = new PostgreSqlEventLog(server.ConnectionString, TimeProvider.System);
        var results = new AppendResult[appends];
        await Parallel.ForAsync(0, appends, new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (i, stop) =>
        {
            if (i % 250 == 249)
                wire.CutNextAppends(1 + (i % 3));
            results[i] = await log.Append(Stream(i), -1, [Event()], Metadata, stop);
        });
        wire.AppendsCut.ShouldBeGreaterThan(5);
        var all = await log.ReadAll(-1, int.MaxValue, default);
        all.Select(e => e.Position).ShouldBe(Enumerable.Range(0, appends).Select(i => (long)i));
        results.ShouldAllBe(result => result.Outcome != AppendOutcome.Conflict && result.Version == 0);
        results.Select(result => result.Position).Order().ShouldBe(all.Select(e => e.Position));
        results.Index().ShouldAllBe(one => all[(int)one.Item.Position].Stream == Stream(one.Index));
    }

    [Fact]
    public async Task Backends_terminated_under_load_lose_nothing_and_double_nothing()
    {
        const int appends = 10_000;
        await using var log = Open();
        using var done = new CancellationTokenSource();
        var killer = TerminateBackends(done.Token);
        var results = new AppendResult[appends];
        await Parallel.ForAsync(0, appends, new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (i, stop) =>
            results[i] = await log.Append(Stream(i % 5_000), (i / 5_000) - 1, [Event()], Metadata, stop));
        await done.CancelAsync();
        (await killer).ShouldBeGreaterThan(0);

        await using var fresh = Open();
        var all = await fresh.ReadAll(-1, int.MaxValue, default);
        all.Select(e => e.Position).ShouldBe(Enumerable.Range(0, all.Count).Select(i => (long)i));
        all.Select(e => e.EventId).Distinct().Count().ShouldBe(all.Count);
        all.Count.ShouldBe(results.Count(result => result.Outcome != AppendOutcome.Conflict));
        results.Where(result => result.Outcome != AppendOutcome.Conflict)
            .ShouldAllBe(result => all[(int)result.Position].Version == result.Version);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_keeps_what_it_took()
    {
        await using var log = Open(new(QueueAppendsMax: 5));
        var stuck = await StuckWriter.Begin(_database.AppConnection, takesTheLock: true);
        var first = log.Append(Stream(0), -1, [Event()], Metadata, default);
        await Task.Delay(200);
        var queued = Enumerable.Range(1, 5)
            .Select(i => log.Append(Stream(i), -1, [Event()], Metadata, default)).ToList();

        var since = Stopwatch.StartNew();
        await Should.ThrowAsync<EventLogOverloadedException>(log.Append(Stream(9), -1, [Event()], Metadata, default));
        since.ElapsedMilliseconds.ShouldBeLessThan(500);

        await stuck.DisposeAsync();
        (await Task.WhenAll([first, .. queued])).ShouldAllBe(result => result.Outcome == AppendOutcome.Appended);
        (await log.Head(default)).ShouldBe(5);
    }

    [Fact]
    public async Task Five_times_too_many_are_sent_away_or_written_and_none_is_lost()
    {
        const int appends = 5_000;
        await using var log = Open(new(QueueAppendsMax: appends / 5));
        var stuck = await StuckWriter.Begin(_database.SuperuserConnection, takesTheLock: true);
        var all = Enumerable.Range(0, appends)
            .Select(i => log.Append(Stream(i), -1, [Event()], Metadata, default)).ToList();
        var away = all.Where(append => append.IsFaulted).ToList();
        away.Count.ShouldBeInRange(appends * 3 / 5, appends * 4 / 5);
        await stuck.DisposeAsync();

        foreach (var append in away)
            await Should.ThrowAsync<EventLogOverloadedException>(append);
        var written = await Task.WhenAll(all.Except(away));
        written.ShouldAllBe(result => result.Outcome == AppendOutcome.Appended);
        (await log.Head(default)).ShouldBe(written.Length - 1);
    }

    [Fact]
    public async Task What_is_too_large_is_told_with_its_stream_and_its_size()
    {
        await using var log = Open();
        EventToAppend[] large = [new(_ids.Next(), "test.happened", new byte[1_048_577])];
        (await Should.ThrowAsync<ArgumentException>(log.Append(Stream(7), -1, large, Metadata, default))).Message
            .ShouldBe("test.happened for test-s-7 has 1048577 bytes; an event has at most 1048576.");
    }

    [Fact]
    public async Task A_queue_is_full_by_bytes_too()
    {
        await using var log = Open(new(QueueBytesMax: 100));
        await Should.ThrowAsync<EventLogOverloadedException>(log.Append(
            Stream(9), -1, [new(_ids.Next(), "test.happened", new byte[101])], Metadata, default));
        (await log.Append(Stream(9), -1, [Event()], Metadata, default)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task A_wait_ends_and_the_same_ids_can_be_sent_again()
    {
        await using var log = Open(new(WaitMax: TimeSpan.FromMilliseconds(500)));
        EventToAppend[] events = [Event()];
        await using (await StuckWriter.Begin(_database.AppConnection, takesTheLock: true))
        {
            var since = Stopwatch.StartNew();
            await Should.ThrowAsync<EventLogUnavailableException>(log.Append(Stream(0), -1, events, Metadata, default));
            since.ElapsedMilliseconds.ShouldBeInRange(400, 3_000);
        }

        (await log.Append(Stream(0), -1, events, Metadata, default)).Position.ShouldBe(0);
        (await log.Head(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_database_callers_are_told_in_time()
    {
        await using var log = Open(new(WaitMax: TimeSpan.FromMilliseconds(500)));
        await _database.DisposeAsync();
        await Should.ThrowAsync<EventLogUnavailableException>(log.Append(Stream(0), -1, [Event()], Metadata, default));
        await Should.ThrowAsync<EventLogUnavailableException>(log.ReadAll(-1, 1, default));
        await Should.ThrowAsync<EventLogUnavailableException>(log.Head(default));
    }

    [Fact]
    public async Task Closing_the_log_writes_what_waits()
    {
        var log = Open();
        var appends = Enumerable.Range(0, 2_000)
            .Select(i => log.Append(Stream(i), -1, [Event()], Metadata, default)).ToList();
        await log.DisposeAsync();
        (await Task.WhenAll(appends)).ShouldAllBe(result => result.Outcome == AppendOutcome.Appended);
        await Should.ThrowAsync<ObjectDisposedException>(log.Append(Stream(0), 0, [Event()], Metadata, default));
    }

    [Fact]
    public async Task A_short_memory_of_streams_only_costs_look_ups()
    {
        await using var log = Open(new(HeadsMax: 2));
        for (var version = -1; version < 3; version++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
                log.Append(Stream(i), version, [Event()], Metadata, default)));
            results.ShouldAllBe(result => result.Outcome == AppendOutcome.Appended && result.Version == version + 1);
        }
    }

    private async Task<int> TerminateBackends(CancellationToken done)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnection);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'jifu event log'
            """, connection);
        var terminated = 0;
        while (!done.IsCancellationRequested)
        {
            terminated += await command.ExecuteScalarAsync(CancellationToken.None) is true ? 1 : 0;
            await Task.Delay(40, CancellationToken.None);
        }

        return terminated;
    }

    private PostgreSqlEventLog Open(EventLogLimits? limits = null) =>
        new(_database.AppConnection, TimeProvider.System, limits);

    private EventToAppend Event() => new(_ids.Next(), "test.happened", new byte[] { 1, 2, 3 });

    private static StreamName Stream(int n) => new("test", $"s-{n}");
}
