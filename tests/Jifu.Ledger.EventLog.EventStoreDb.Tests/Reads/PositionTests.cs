using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using Jifu.Ledger.EventLog.Search;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Reads;

/// <summary>All streams are read from any position, also one that the server does not know.</summary>
public sealed class PositionTests : PlayedServerTests
{
    [Fact]
    public async Task A_cluster_between_two_leaders_knows_the_position_all_the_same()
    {
        var position = (await Append(Open(), 1, -1, count: 3)).Position;
        var log = Open();
        var from = new List<ReadReq.Types.Options.Types.AllOptions.AllOptionOneofCase>();
        for (var i = 0; i < 4; i++)
            Node.Once(EventStoreMethods.Read, async call =>
            {
                from.Add((await call.Next(ReadReq.Parser))!.Options.All.AllOptionCase);
                call.End(Code.Unknown, "No leader info available in response");
            });
        (await log.ReadAll(position, 10, default)).ShouldBeEmpty();

        // Not looked for from the beginning.
        from.ShouldAllBe(one => one == ReadReq.Types.Options.Types.AllOptions.AllOptionOneofCase.Position);
    }

    [Fact]
    public async Task A_position_at_which_no_event_stands_is_understood_all_the_same()
    {
        var writer = Open();
        await Append(writer, 1, -1, count: 10);
        var fourth = (await writer.ReadAll(-1, 4, default))[^1].Position;
        var log = Open();
        (await log.ReadAll(fourth + 1, 3, default)).Select(@event => @event.Version).ShouldBe([4L, 5, 6]);
        (await log.ReadAll(fourth - 1, 2, default)).Select(@event => @event.Version).ShouldBe([3L, 4]);
        (await log.ReadAll(1 << 30, 3, default)).ShouldBeEmpty();

        var waits = log.WaitPast(1 << 20, default);
        await Append(writer, 2, -1);
        await waits;
    }

    // As who looks for a moment, or as of any position, does some thirty times.
    [Fact]
    public async Task A_question_for_a_position_at_which_no_event_stands_makes_nobody_look_for_the_leader_again()
    {
        var log = OpenTrusting($"esdb+discover://127.0.0.1:{Node.Port}?tls=false");
        await Append(log, 1, -1, count: 50);
        var reads = Count(EventStoreMethods.Read);
        (await log.PositionAt(DateTimeOffset.UtcNow.AddDays(1), default)).ShouldBe(await log.Head(default));
        Count(EventStoreMethods.Read).ShouldBeGreaterThan(reads + 10);
        Node.Once(EventStoreMethods.Read, call => call.End(Code.InvalidArgument, "Invalid position"));
        (await log.ReadAll(1_301, 1, default))[0].Version.ShouldBe(0);

        var waits = log.WaitPast(1 << 20, default);
        await Append(log, 2, -1);
        await waits;
        Count(EventStoreMethods.Gossip).ShouldBe(1);

        int Count(string method) => Node.Calls.Count(call => call.Method == method);
    }

    [Fact]
    public async Task A_short_page_on_the_way_to_a_position_is_not_the_end()
    {
        await Append(Open(), 1, -1, count: 10);
        var fourth = Node.Log.After(-1).Where(one => !one.IsSystem).ElementAt(3).Position;
        for (var i = 0; i < 2; i++)
            Node.Once(EventStoreMethods.Read, Node.Usual);
        Node.Once(EventStoreMethods.Read, async call =>
        {
            await call.Next(ReadReq.Parser);
            await call.Answer(PlayedReads.Event(Node.Log.After(-1).First(one => !one.IsSystem)));
            call.End(Code.Ok);
        });
        (await Open().ReadAll(fourth + 1, 3, default)).Select(@event => @event.Version).ShouldBe([4L, 5, 6]);
    }

    // As the search for events does that are told newest first.
    [Fact]
    public async Task The_newest_events_are_found_from_the_end_and_before_a_place_without_reading_what_is_older()
    {
        for (var i = 0; i < 30; i++)
            await Append(Open(), i, -1, count: 100);
        var all = Node.Log.After(-1).Where(one => !one.IsSystem).Select(one => one.Id).Reverse().ToList();
        var (log, before) = (Open(), Node.Calls.Count(call => call.Method == EventStoreMethods.Read));
        var newest = await new EventScan(log).Before(long.MaxValue, new(), 20, default);
        newest.Events.Select(one => one.EventId).ShouldBe(all[..20]);

        // After a restart: nothing is known of the place.
        var next = await new EventScan(Open()).Before(newest.Reached, new(), 20, default);
        next.Events.Select(one => one.EventId).ShouldBe(all[20..40]);
        Node.Refused.ShouldBe(0);
        (Node.Calls.Count(call => call.Method == EventStoreMethods.Read) - before).ShouldBe(3);
    }

    [Fact]
    public async Task A_place_from_which_was_read_is_known_from_then_on()
    {
        await Append(Open(), 1, -1, count: 10);
        var log = Open();
        var fourth = Node.Log.After(-1).Where(one => !one.IsSystem).ElementAt(3).Position;
        await log.ReadAll(fourth, 3, default);

        // The next question is not answered from the beginning.
        Node.Once(EventStoreMethods.Read, Node.Usual).Once(EventStoreMethods.Read, Node.Usual);
        var from = 0UL;
        Node.Once(EventStoreMethods.Read, async call =>
        {
            from = (await call.Next(ReadReq.Parser))!.Options.All.Position?.CommitPosition ?? 0;
            call.End(Code.Unavailable);
        });
        (await log.ReadAll(fourth + 2, 3, default)).Count.ShouldBe(3);
        from.ShouldBe((ulong)fourth);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_page_that_is_full_is_not_waited_for_until_the_server_has_looked_for_one_more(int count)
    {
        var log = Open("&defaultDeadline=20000");
        await Append(log, 1, -1, count: 3);
        Node.Once(EventStoreMethods.Read, async call =>
        {
            await call.Next(ReadReq.Parser);
            foreach (var one in Node.Log.After(-1).Where(one => !one.IsSystem).TakeLast(count))
                await call.Answer(PlayedReads.Event(one));
            await PlayedCall.Silence(call);
        });
        if (count == 1)
            (await log.Head(default).WaitAsync(TimeSpan.FromSeconds(10)))
                .ShouldBe(Node.Log.After(-1)[^1].Position);
        else
            (await log.ReadAll(-1, count, default).WaitAsync(TimeSpan.FromSeconds(10))).Count.ShouldBe(count);
    }
}
