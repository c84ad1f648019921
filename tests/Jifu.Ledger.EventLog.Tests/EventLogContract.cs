using System.Text;

namespace Jifu.Ledger.EventLog.Tests;

/// <summary>What every store behind <see cref="IEventLog"/> promises. A store's tests derive from it.</summary>
public abstract partial class EventLogContract : IAsyncLifetime
{
    private static readonly EventMetadata Metadata = new("key-7", "request-1", "command-1");

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);

    protected IEventLog Log { get; private set; } = null!;

    public async Task InitializeAsync() => Log = await Open();

    public abstract Task DisposeAsync();

    /// <summary>True for a store whose positions are 0, 1, 2 …; others only grow.</summary>
    protected virtual bool HasNoGaps => false;

    /// <summary>The most that one append may weigh in this store.</summary>
    protected virtual int AppendBytesMax => 16 << 20;

    /// <summary>An empty log.</summary>
    protected abstract Task<IEventLog> Open();

    /// <summary>Another writer on the same log, as a second node would be.</summary>
    protected abstract IEventLog OpenSecondNode();

    [Fact]
    public async Task An_empty_log_has_no_head_and_no_events()
    {
        (await Log.Head(default)).ShouldBe(-1);
        (await Log.ReadAll(-1, 10, default)).ShouldBeEmpty();
        (await Log.ReadStream(Stream(1), -1, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_appended_reads_back_byte_for_byte()
    {
        var odd = Encoding.UTF8.GetBytes("{ \"b\" : 1.0, \"b\":2 }");
        byte[][] payloads = [[], [0, 255, 13, 10, 0], odd, new byte[Math.Min(1 << 20, AppendBytesMax / 2)]];
        var events = payloads.Select((bytes, i) => new EventToAppend(_ids.Next(), $"test.case_{i}", bytes)).ToList();
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);

        (await Append(Stream(1), -1, [.. events])).ShouldBe(new(AppendOutcome.Appended, 3, await Position(3)));

        var all = await Log.ReadAll(-1, 10, default);
        var read = await Log.ReadStream(Stream(1), -1, 10, default);
        for (var i = 0; i < events.Count; i++)
        {
            read[i].Payload.ToArray().ShouldBe(payloads[i]);
            (read[i].Version, read[i].Stream).ShouldBe((i, Stream(1)));
            all[i].Payload.ToArray().ShouldBe(payloads[i]);
            read[i].Position.ShouldBeOneOf(all[i].Position, HasNoGaps ? i : -1);
            (read[i].EventId, read[i].Type, read[i].Metadata).ShouldBe((events[i].EventId, events[i].Type, Metadata));
            read[i].RecordedAt.ShouldBeInRange(before, TimeProvider.System.GetUtcNow().AddMilliseconds(1));
        }

        all.Select(e => e.EventId).ShouldBe(read.Select(e => e.EventId));
    }

    [Fact]
    public async Task Metadata_without_a_cause_reads_back_without_one()
    {
        await Log.Append(Stream(1), -1, [Event()], new("key-7", "request-1"), default);
        (await Log.ReadAll(-1, 1, default))[0].Metadata.ShouldBe(new("key-7", "request-1", null));
    }

    [Fact]
    public async Task Each_event_of_an_append_may_have_metadata_of_its_own()
    {
        var own = new EventMetadata("key-8", "request-2");
        await Append(Stream(1), -1, Event() with { Metadata = own }, Event());
        (await Log.ReadStream(Stream(1), -1, 2, default)).Select(e => e.Metadata).ShouldBe([own, Metadata]);
    }

    [Fact]
    public async Task A_page_begins_after_what_the_reader_has_and_is_full_while_there_is_more()
    {
        await Append(Stream(1), -1, [.. Enumerable.Range(0, 7).Select(_ => Event())]);
        (await Log.ReadStream(Stream(1), 2, 3, default)).Select(e => e.Version).ShouldBe([3L, 4L, 5L]);
        (await Log.ReadStream(Stream(1), 5, 3, default)).Select(e => e.Version).ShouldBe([6L]);
        (await Log.ReadAll(await Position(3), 2, default)).Select(e => e.Version).ShouldBe([4L, 5L]);
        (await Log.ReadAll(await Position(6), 2, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_streams_are_read_backwards_from_the_end_or_from_any_position()
    {
        (await Log.ReadAllBackwards(long.MaxValue, 10, default)).ShouldBeEmpty();
        await Append(Stream(1), -1, [.. Enumerable.Range(0, 7).Select(_ => Event())]);
        var second = OpenSecondNode();
        (await Versions(long.MaxValue, 3)).ShouldBe([6L, 5, 4]);
        (await Versions(await Position(4), 3)).ShouldBe([3L, 2, 1]);
        (await Versions(await Position(4) + 1, 2)).ShouldBe([4L, 3]);
        (await Versions(await Position(1), 10)).ShouldBe([0L]);
        (await Versions(await Position(0), 10)).ShouldBeEmpty();
        (await Versions(await Position(6) + 10_000, 2)).ShouldBe([6L, 5]);
        (await Versions(0, 2)).ShouldBeEmpty();

        async Task<IEnumerable<long>> Versions(long before, int count) =>
            (await second.ReadAllBackwards(before, count, default)).Select(one => one.Version);
    }

    [Fact]
    public async Task A_page_of_all_streams_holds_some_megabytes_however_many_events_are_asked_for()
    {
        for (var i = 0; i < 40; i++)
            await Append(Stream(1), i - 1, new EventToAppend(_ids.Next(), "test.large", new byte[1 << 19]));
        var other = OpenSecondNode();
        var versions = new List<long>();
        for (var position = -1L; await other.ReadAll(position, 1_000, default) is { Count: > 0 } page;)
        {
            page.Sum(one => one.Payload.Length).ShouldBeLessThan(PageLimit.Bytes + (1 << 19));
            versions.AddRange(page.Select(one => one.Version));
            position = page[^1].Position;
        }

        versions.ShouldBe(Enumerable.Range(0, 40).Select(version => (long)version));

        // Of a stream a short page would mean that there are no more.
        (await other.ReadStream(Stream(1), -1, 1_000, default)).Count.ShouldBe(40);
    }

    [Fact]
    public async Task An_append_at_another_version_is_a_conflict_and_writes_nothing()
    {
        await Append(Stream(1), -1, Event(), Event());
        (await Append(Stream(1), -1, Event())).ShouldBe(new(AppendOutcome.Conflict, 1, -1));
        (await Append(Stream(1), 0, Event())).ShouldBe(new(AppendOutcome.Conflict, 1, -1));
        (await Append(Stream(1), 2, Event())).ShouldBe(new(AppendOutcome.Conflict, 1, -1));
        (await Append(Stream(2), 0, Event())).ShouldBe(new(AppendOutcome.Conflict, -1, -1));
        (await Append(Stream(1), 1, Event())).ShouldBe(new(AppendOutcome.Appended, 2, await Position(2)));
        await ShouldHoldInOrder(3);
    }

    [Fact]
    public async Task A_repeated_append_is_quiet_however_late_it_comes()
    {
        EventToAppend[] first = [Event(), Event()];
        await Append(Stream(1), -1, first);
        var quiet = new AppendResult(AppendOutcome.AlreadyAppended, 1, await Position(1));
        (await Append(Stream(1), -1, first)).ShouldBe(quiet);
        await Append(Stream(1), 1, Event());
        await Append(Stream(2), -1, Event());
        (await Append(Stream(1), -1, first)).ShouldBe(quiet);
        (await OpenSecondNode().Append(Stream(1), -1, first, Metadata, default)).ShouldBe(quiet);
        await ShouldHoldInOrder(4);
    }

    [Fact]
    public async Task A_repeat_at_another_place_or_in_part_is_a_conflict()
    {
        EventToAppend[] first = [Event(), Event()];
        await Append(Stream(1), -1, first);
        (await Append(Stream(1), 0, first)).Outcome.ShouldBe(AppendOutcome.Conflict);
        (await Append(Stream(1), -1, first[0], Event())).Outcome.ShouldBe(AppendOutcome.Conflict);
        (await Append(Stream(1), -1, first[1], first[0])).Outcome.ShouldBe(AppendOutcome.Conflict);
        (await Append(Stream(2), 5, first)).Outcome.ShouldBe(AppendOutcome.Conflict);
        await ShouldHoldInOrder(2);
    }

    [Fact]
    public async Task An_event_id_is_recognised_at_its_place_and_nowhere_else()
    {
        var used = Event();
        await Append(Stream(1), -1, used);
        var neighbours = Enumerable.Range(2, 20).Select(i => Append(Stream(i), -1, Event())).ToList();
        (await Append(Stream(99), -1, used)).Outcome.ShouldBe(AppendOutcome.Appended);
        (await Append(Stream(1), -1, used)).Outcome.ShouldBe(AppendOutcome.AlreadyAppended);
        (await Task.WhenAll(neighbours)).ShouldAllBe(result => result.Outcome == AppendOutcome.Appended);
    }

    [Fact]
    public async Task A_version_that_does_not_exist_yet_is_a_conflict_however_far_ahead()
    {
        await Append(Stream(1), -1, Event());
        foreach (var version in new[] { 1L, 7L, long.MaxValue - 1, long.MaxValue })
            (await Append(Stream(1), version, Event(), Event())).ShouldBe(new(AppendOutcome.Conflict, 0, -1));
        (await Append(Stream(1), 0, Event())).ShouldBe(new(AppendOutcome.Appended, 1, await Position(1)));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_so_and_the_log_goes_on()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            Log.Append(Stream(1), -1, [Event()], Metadata, cancelled.Token));
        await Should.ThrowAsync<OperationCanceledException>(Log.WaitPast(5, cancelled.Token));
        (await Append(Stream(1), -1, Event())).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_refused_at_once()
    {
        var twice = Event();
        var mebibyte = new byte[1 << 20];
        await Should.ThrowAsync<ArgumentException>(Append(Stream(1), -1));
        await Should.ThrowAsync<ArgumentException>(Append(Stream(1), -1, twice, twice));
        await Should.ThrowAsync<ArgumentException>(Append(Stream(1), -2, Event()));
        await Should.ThrowAsync<ArgumentException>(Append(default, -1, Event()));
        await Should.ThrowAsync<ArgumentException>(Append(new("test", "a\0b"), -1, Event()));
        await Should.ThrowAsync<ArgumentException>(Append(Stream(1), -1, twice with { Type = "" }));
        await Should.ThrowAsync<ArgumentException>(Append(Stream(1), -1, twice with { Type = "\ud800" }));
        await Should.ThrowAsync<ArgumentException>(
            Append(Stream(1), -1, twice with { Payload = new byte[(1 << 20) + 1] }));
        await Should.ThrowAsync<ArgumentException>(
            Append(Stream(1), -1, [.. Enumerable.Range(0, 1_001).Select(_ => Event())]));
        await Should.ThrowAsync<ArgumentException>(
            Append(Stream(1), -1, [.. Enumerable.Range(0, 17).Select(_ => Event() with { Payload = mebibyte })]));
        (await Log.Head(default)).ShouldBe(-1);
    }

    protected EventToAppend Event() => new(_ids.Next(), "test.happened", Encoding.UTF8.GetBytes("""{"n":1}"""));

    protected static StreamName Stream(int n) => new("test", $"s-{n}");

    protected Task<AppendResult> Append(StreamName stream, long expectedVersion, params EventToAppend[] events) =>
        Log.Append(stream, expectedVersion, events, Metadata, default);

    /// <summary>The position of the nth event in the log; so it is in the port's words.</summary>
    protected async Task<long> Position(int nth)
    {
        var position = (await Log.ReadAll(-1, nth + 1, default))[nth].Position;
        if (HasNoGaps)
            position.ShouldBe(nth);
        return position;
    }

    /// <summary>All is there, in the order of positions, and the head is the last.</summary>
    protected async Task ShouldHoldInOrder(int count)
    {
        var positions = (await Log.ReadAll(-1, int.MaxValue, default)).Select(e => e.Position).ToList();
        positions.Count.ShouldBe(count);
        positions.ShouldBe(HasNoGaps ? Enumerable.Range(0, count).Select(i => (long)i) : positions.Distinct().Order());
        (await Log.Head(default)).ShouldBe(positions[^1]);
    }
}
