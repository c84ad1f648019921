using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using static Jifu.Ledger.EventLog.EventStoreDb.Protocol.MemberInfo.Types;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Nodes;

/// <summary>A log on a cluster: whoever leads is found, waited for and followed.</summary>
public sealed class ClusterTests : PlayedServerTests
{
    [Fact]
    public async Task A_follower_says_who_leads_and_is_believed()
    {
        var leader = await StartNode(Node.Log);
        Node.Leader = leader;
        var log = Open();
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        (await log.ReadStream(Stream(1), -1, 10, default)).Count.ShouldBe(1);
        leader.Calls.ShouldContain(call => call.Method == EventStoreMethods.BatchAppend);
    }

    [Fact]
    public async Task The_leader_is_found_by_gossip_from_any_seed()
    {
        var (leader, dead) = (await StartNode(Node.Log), await StartNode());
        var deadPort = dead.Port;
        await dead.DisposeAsync();
        Node.Leader = leader;
        Node.Members = () => [(dead, VNodeState.Shutdown), (Node, VNodeState.Follower), (leader, VNodeState.Leader)];
        var log = OpenAt($"esdb://127.0.0.1:{deadPort},127.0.0.1:{Node.Port}?tls=false");
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        Node.Calls.ShouldAllBe(call => call.Method == EventStoreMethods.Gossip);
    }

    [Fact]
    public async Task A_cluster_without_a_leader_is_waited_for()
    {
        var asked = 0;
        Node.Members = () => [(Node, ++asked < 15 ? VNodeState.Follower : VNodeState.Leader)];
        var log = OpenAt(
            $"esdb+discover://127.0.0.1:{Node.Port}?tls=false&discoveryInterval=10&maxDiscoverAttempts=5");
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        asked.ShouldBe(15);
    }

    [Fact]
    public async Task A_cluster_that_gets_no_leader_is_unavailable()
    {
        Node.Members = () => [(Node, VNodeState.Follower)];
        var log = OpenAt($"esdb+discover://127.0.0.1:{Node.Port}?tls=false&discoveryInterval=10&defaultDeadline=300");
        (await Should.ThrowAsync<EventLogUnavailableException>(log.Head(default)))
            .Message.ShouldContain($"None of 127.0.0.1:{Node.Port} named a node that leads.");
    }

    // As one does that is cut off from the others, and knows of no leader.
    [Fact]
    public async Task A_node_that_names_itself_as_the_leader_that_it_is_not_is_not_believed()
    {
        var leader = await StartNode(Node.Log);
        var leads = Node;
        foreach (var node in new[] { Node, leader })
            node.Members = () => new[] { Node, leader }.Select(member =>
                (member, member == leads ? VNodeState.Leader : VNodeState.Follower));
        Node.Once(EventStoreMethods.BatchAppend, call =>
        {
            leads = leader;
            call.End(Code.NotFound, "Leader info available", ("exception", "not-leader"),
                ("leader-endpoint-host", "127.0.0.1"), ("leader-endpoint-port", $"{Node.Port}"));
        });
        var log = OpenAt($"esdb+discover://127.0.0.1:{Node.Port}?tls=false");
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        leader.Calls.ShouldContain(call => call.Method == EventStoreMethods.BatchAppend);
    }

    [Fact]
    public async Task A_seed_that_says_nothing_holds_nobody_beyond_the_deadline()
    {
        Node.Once(EventStoreMethods.Gossip, PlayedCall.Silence);
        var log = OpenAt($"esdb+discover://127.0.0.1:{Node.Port}?tls=false&defaultDeadline=300");
        await Should.ThrowAsync<EventLogUnavailableException>(Append(log, 1, -1));
        await Should.ThrowAsync<EventLogUnavailableException>(log.ReadAll(-1, 10, default));
        Node.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task When_the_leader_changes_under_way_each_append_is_written_once()
    {
        var next = await StartNode(Node.Log);
        var leads = Node;
        foreach (var node in new[] { Node, next })
            node.Members = () => new[] { Node, next }.Select(member =>
                (member, member == leads ? VNodeState.Leader : VNodeState.Follower));
        var answered = 0;
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            // Takes half of what comes, answers half of that, and steps down.
            while (await call.Next(BatchAppendReq.Parser) is { } request)
            {
                var done = new PlayedAppends(Node).Done(request.CorrelationId, request.Options,
                    [.. request.ProposedMessages.Select(one => new ProposedEvent(
                        one.Id.ToGuid(), one.Metadata["type"], one.Metadata["content-type"], one.Data,
                        one.CustomMetadata))]);
                if (++answered % 2 == 0)
                    await call.Answer(done);
                if (answered == 100)
                    break;
            }

            (leads, Node.Leader) = (next, next);
            call.End(Code.NotFound, "Leader info available", ("exception", "not-leader"),
                ("leader-endpoint-host", "127.0.0.1"), ("leader-endpoint-port", $"{next.Port}"));
        });
        var log = OpenAt($"esdb+discover://127.0.0.1:{Node.Port}?tls=false");
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Append(log, i, -1)));
        results.ShouldAllBe(result => result.Outcome == AppendOutcome.Appended && result.Version == 0);
        Held().ShouldBe(200);
    }

    [Fact]
    public async Task A_leader_that_dies_is_replaced()
    {
        var next = await StartNode(Node.Log);
        var leads = Node;
        next.Members = () => [(Node, leads == Node ? VNodeState.Leader : VNodeState.Shutdown),
            (next, leads == next ? VNodeState.Leader : VNodeState.Follower)];
        var log = OpenAt($"esdb://127.0.0.1:{next.Port},127.0.0.1:{Node.Port}?tls=false");
        await Append(log, 1, -1);
        leads = next;
        await Node.DisposeAsync();
        (await Append(log, 1, 0)).Outcome.ShouldBe(AppendOutcome.Appended);
        (await log.ReadAll(-1, 10, default)).Count.ShouldBe(2);
    }

    // As one that is stopped, or behind a broken network: it takes connections and says nothing.
    [Fact]
    public async Task A_leader_that_falls_silent_is_not_the_first_to_be_asked_who_leads_now()
    {
        var next = await StartNode(Node.Log);
        var leads = Node;
        foreach (var node in new[] { Node, next })
            node.Members = () => new[] { Node, next }.Select(member =>
                (member, member == leads ? VNodeState.Leader : VNodeState.Follower));
        var log = OpenAt($"esdb://127.0.0.1:{Node.Port},127.0.0.1:{next.Port}?tls=false&defaultDeadline=1500");
        await Append(log, 1, -1);
        leads = next;
        foreach (var method in new[] { EventStoreMethods.Gossip, EventStoreMethods.Read })
            Node.Once(method, PlayedCall.Silence);
        await Should.ThrowAsync<EventLogUnavailableException>(log.Head(default));
        (await Append(log, 2, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task Who_prefers_followers_reads_all_streams_there_and_writes_at_the_leader()
    {
        var follower = await StartNode(Node.Log);
        follower.Leader = Node;
        Node.Members = () => [(Node, VNodeState.Leader), (follower, VNodeState.Follower)];
        var log = OpenAt($"esdb+discover://127.0.0.1:{Node.Port}?tls=false&nodePreference=follower");
        await Append(log, 1, -1);
        (await log.ReadAll(-1, 10, default)).Count.ShouldBe(1);
        follower.Calls.Select(call => call.Method).ShouldBe([EventStoreMethods.Read]);
    }

    [Fact]
    public async Task A_gateway_that_does_not_know_the_server_for_a_moment_says_nothing_of_what_it_can_do()
    {
        Node.Once(EventStoreMethods.BatchAppend, call => call.Context.Response.StatusCode = 404);
        var log = Open();
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        Node.Calls.ShouldNotContain(call => call.Method == EventStoreMethods.Append);
    }

    [Fact]
    public async Task Each_call_says_who_we_are()
    {
        var log = OpenAt($"kurrentdb://me:p%3Aw@127.0.0.1:{Node.Port}?tls=false&connectionName=till-7");
        await Append(log, 1, -1);
        Node.Calls.ShouldNotBeEmpty();
        foreach (var call in Node.Calls)
            (call.Header("authorization"), call.Header("connection-name"), call.Header("requires-leader"),
                call.Header("te"), call.Header("content-type")).ShouldBe(
                ("Basic bWU6cDp3", "till-7", call.Method == EventStoreMethods.Gossip ? "false" : "true", "trailers",
                    "application/grpc"));
    }
}
