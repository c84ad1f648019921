namespace Jifu.Ledger.EventLog.Tests;

/// <summary>What a store promises when many write and read at once, on one node or two.</summary>
public abstract partial class EventLogContract
{
    [Fact]
    public async Task Of_many_who_race_for_one_place_exactly_one_wins()
    {
        var second = OpenSecondNode();
        for (var round = -1L; round < 20; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
                (i % 2 == 0 ? Log : second).Append(Stream(1), round, [Event()], Metadata, default)));
            results.Count(result => result.Outcome == AppendOutcome.Appended).ShouldBe(1);
            results.Count(result => result is { Outcome: AppendOutcome.Conflict, Position: -1 }).ShouldBe(49);
        }
    }

    [Fact]
    public async Task The_same_append_sent_many_times_at_once_is_written_once()
    {
        var second = OpenSecondNode();
        EventToAppend[] events = [Event(), Event(), Event()];
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            (i % 2 == 0 ? Log : second).Append(Stream(1), -1, events, Metadata, default)));
        await ShouldHoldInOrder(3);
        var position = await Position(2);
        results.ShouldAllBe(result => result.Version == 2 && result.Position == position);
        results.ShouldAllBe(result => result.Outcome != AppendOutcome.Conflict);

        // EventStoreDB says yes to all of them: of those under way at once several may believe that they were first.
        var first = results.Count(result => result.Outcome == AppendOutcome.Appended);
        first.ShouldBeInRange(1, HasNoGaps ? 1 : 100);
    }

    [Fact]
    public async Task A_conflict_leaves_its_neighbours_alone()
    {
        await Append(Stream(0), -1, Event());
        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            i % 5 == 0 ? Append(Stream(0), -1, Event()) : Append(Stream(i), -1, Event())));
        for (var i = 0; i < results.Length; i++)
            results[i].Outcome.ShouldBe(i % 5 == 0 ? AppendOutcome.Conflict : AppendOutcome.Appended);
        await ShouldHoldInOrder(401);
    }

    [Fact]
    public async Task Ten_thousand_parallel_appends_on_two_nodes_are_all_seen_in_order()
    {
        const int appends = 10_000;
        var second = OpenSecondNode();
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<RecordedEvent>();
        var reader = Task.Run(async () =>
        {
            await foreach (var page in second.Follow(-1, 300, enough.Token))
            {
                seen.AddRange(page);
                if (seen.Count >= appends)
                    return;
            }
        }, enough.Token);

        var results = await Task.WhenAll(Enumerable.Range(0, appends).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Log : second).Append(Stream(i), -1, [Event()], Metadata, default))));

        await reader;
        results.ShouldAllBe(result => result.Outcome == AppendOutcome.Appended);
        await ShouldHoldInOrder(appends);
        seen.Select(e => e.Position).ShouldBe(seen.Select(e => e.Position).Distinct().Order());
        seen.Select(e => e.Stream).Distinct().Count().ShouldBe(appends);
        results.Select(result => result.Position).Order().ShouldBe(seen.Select(e => e.Position));
    }

    [Fact]
    public async Task Two_nodes_that_take_turns_on_one_stream_see_each_other()
    {
        var second = OpenSecondNode();
        for (var version = -1L; version < 30; version++)
            (await (version % 2 == 0 ? Log : second).Append(Stream(1), version, [Event()], Metadata, default))
                .ShouldBe(new(AppendOutcome.Appended, version + 1, await Position((int)version + 1)));
        (await Append(Stream(1), 29, Event())).Outcome.ShouldBe(AppendOutcome.Conflict);
        await ShouldHoldInOrder(31);
    }

    [Fact]
    public async Task Who_waits_past_the_head_wakes_when_an_event_comes()
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var next = Log.Follow(-1, 10, enough.Token).GetAsyncEnumerator(enough.Token);
        var waits = next.MoveNextAsync();
        waits.IsCompleted.ShouldBeFalse();
        await OpenSecondNode().Append(Stream(1), -1, [Event()], Metadata, default);
        (await waits).ShouldBeTrue();
        next.Current.Single().Position.ShouldBe(await Position(0));
    }
}
