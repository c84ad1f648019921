using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using static Jifu.Ledger.EventLog.EventStoreDb.Protocol.MemberInfo.Types;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Nodes;

/// <summary>A node that was elected and does not lead yet answers reads, from an index that may lag. Nothing is decided
/// by what it says.</summary>
public sealed class ElectedNodeTests : PlayedServerTests
{
    [Theory]
    [InlineData("esdb")]
    [InlineData("esdb+discover")]
    public async Task Who_was_named_by_a_follower_is_read_when_it_leads(string scheme)
    {
        var log = OpenAt($"{scheme}://127.0.0.1:{Node.Port}?tls=false");
        await Append(log, 1, -1, count: 3);
        var elected = await Elected(seen: 1);
        Node.Leader = elected;
        var reads = Task.WhenAll(log.ReadStream(Stream(1), -1, 10, default), log.ReadAll(-1, 10, default));
        await WasAsked(elected, reads);
        elected.Calls.ShouldAllBe(call => call.Method == EventStoreMethods.Gossip);
        Leads(elected);
        (await reads).ShouldAllBe(page => page.Count == 3);
        (await log.Head(default)).ShouldBe(Node.Log.After(-1)[^1].Position);
        elected.Calls.ShouldContain(call => call.Method == EventStoreMethods.Read);
    }

    [Fact]
    public async Task A_single_node_is_read_when_it_leads()
    {
        await Append(Open(), 1, -1, count: 3);
        var elected = await Elected(seen: 1);
        var head = Open(node: elected).Head(default);
        await WasAsked(elected, head);
        Leads(elected);
        (await head).ShouldBe(Node.Log.After(-1)[^1].Position);
    }

    // Another node led between, and wrote what the index of this one has yet to find.
    [Theory]
    [InlineData("esdb")]
    [InlineData("esdb+discover")]
    public async Task A_leader_that_lost_its_place_and_was_elected_again_is_read_when_it_leads(string scheme)
    {
        var log = OpenAt($"{scheme}://127.0.0.1:{Node.Port}?tls=false");
        await Append(log, 1, -1);
        Node.IndexEnd = Node.Log.After(-1)[^1].Position;
        Node.IsPreLeader = true;
        Node.Log.Append("test-s-1", 0,
            [new(Guid.NewGuid(), "test.happened", "application/json", ByteString.CopyFromUtf8("{}"), ByteString.Empty)],
            DateTimeOffset.UtcNow);
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        var read = log.ReadStream(Stream(1), -1, 10, default);
        await Task.WhenAny(read, Task.Delay(500));
        Leads(Node);
        (await read).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_single_node_that_does_not_come_to_lead_is_unavailable()
    {
        var elected = await Elected(seen: 0);
        var log = Open("&defaultDeadline=300", elected);
        await Should.ThrowAsync<EventLogUnavailableException>(log.Head(default));
        await Should.ThrowAsync<EventLogUnavailableException>(Append(log, 1, -1));
    }

    [Theory]
    [InlineData(Code.Unimplemented, "")]
    [InlineData(Code.PermissionDenied, "access-denied")]
    [InlineData(Code.Unauthenticated, "")]
    public async Task A_single_node_that_does_not_tell_who_leads_is_used(Code code, string error)
    {
        Node.Once(EventStoreMethods.Gossip, call => call.End(code, "no", ("exception", error)));
        (await Append(Open("&defaultDeadline=2000"), 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    // Behind a gateway, or in a container, it has another address than the one that we have of it.
    [Theory]
    [InlineData(VNodeState.Follower, true)]
    [InlineData(VNodeState.PreLeader, false)]
    public async Task A_single_node_is_used_under_the_address_that_we_have(VNodeState other, bool isUsed)
    {
        var (inside, neighbour) = (await StartNode(), await StartNode());
        Node.Members = () => [(inside, VNodeState.Leader)];
        (await Append(Open(), 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);

        Node.Members = () => [(inside, VNodeState.Leader), (neighbour, other)];
        inside.IsPreLeader = true;
        await inside.DisposeAsync();
        var log = Open("&defaultDeadline=500");
        if (isUsed)
            (await Append(log, 2, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        else
            await Should.ThrowAsync<EventLogUnavailableException>(Append(log, 2, -1));
    }

    private async Task<PlayedNode> Elected(int seen)
    {
        var elected = await StartNode(Node.Log);
        elected.IsPreLeader = true;
        elected.IndexEnd = Node.Log.After(-1).Where(one => !one.IsSystem).Take(seen).LastOrDefault()?.Position ?? 0;
        return elected;
    }

    private static void Leads(PlayedNode elected) => (elected.IndexEnd, elected.IsPreLeader) = (long.MaxValue, false);

    private static async Task WasAsked(PlayedNode node, Task answer)
    {
        while (node.Calls.Count < 3 && !answer.IsCompleted)
            await Task.Delay(10);
    }
}
