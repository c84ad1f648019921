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
        var log = OpenAt($"esdb+discover://127.0.0.1:{Node.Port}?tls=false");
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
}
