using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using static Jifu.Ledger.EventLog.EventStoreDb.Protocol.MemberInfo.Types;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Nodes;

/// <summary>A cluster that does not know our user, or gives it no rights, says so to gossip already. Whoever asks for
/// the leader hears that, and not that there is none.</summary>
public sealed class RefusedAtGossipTests : PlayedServerTests
{
    private const string Soon = "?tls=false&maxDiscoverAttempts=2&discoveryInterval=10&defaultDeadline=2000";

    [Theory]
    [InlineData(Code.Unauthenticated)]
    [InlineData(Code.PermissionDenied)]
    public async Task Access_that_a_cluster_denies_is_told_as_such(Code code)
    {
        var other = await StartNode();
        (Node.Refuses, other.Refuses) = (code, code);
        var log = OpenAt($"esdb://me:wrong@127.0.0.1:{Node.Port},127.0.0.1:{other.Port}{Soon}");
        foreach (var work in new Func<Task>[]
        {
            () => log.Head(default), () => log.ReadAll(-1, 10, default), () => Append(log, 1, -1),
        })
            (await IsDenied(work())).ShouldBe(code);
    }

    [Fact]
    public async Task One_node_that_denies_access_is_heard_where_the_others_do_not_answer()
    {
        var dead = await StartNode();
        var deadPort = dead.Port;
        await dead.DisposeAsync();
        Node.Refuses = Code.Unauthenticated;
        var log = OpenAt($"esdb://me:wrong@127.0.0.1:{Node.Port},127.0.0.1:{deadPort}{Soon}");
        (await IsDenied(log.Head(default))).ShouldBe(Code.Unauthenticated);
    }

    [Fact]
    public async Task Where_one_node_answers_the_leader_is_missing_and_not_the_access()
    {
        var other = await StartNode();
        Node.Members = () => [(Node, VNodeState.Follower), (other, VNodeState.Follower)];
        other.Refuses = Code.Unauthenticated;
        var log = OpenAt($"esdb://127.0.0.1:{Node.Port},127.0.0.1:{other.Port}{Soon}");
        (await Should.ThrowAsync<EventLogUnavailableException>(log.Head(default)))
            .Message.ShouldContain("named a node that leads.");
    }

    [Fact]
    public async Task Whose_password_was_changed_while_the_leader_moved_on_is_told_so_and_comes_back_with_it()
    {
        var log = OpenAt($"esdb+discover://me:old@127.0.0.1:{Node.Port}{Soon}");
        await Append(log, 1, -1);
        Node.Once(EventStoreMethods.Read, call => call.End(Code.Unavailable, "It goes."));
        Node.Refuses = Code.Unauthenticated;
        (await IsDenied(log.Head(default))).ShouldBe(Code.Unauthenticated);
        (await IsDenied(Append(log, 1, 0))).ShouldBe(Code.Unauthenticated);
        Node.Refuses = null;
        (await Append(log, 1, 0)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    private static async Task<Code> IsDenied(Task work)
    {
        var told = await Should.ThrowAsync<EventLogUnavailableException>(work);
        told.Message.ShouldStartWith("EventStoreDB denies us access: look at user and password");
        return told.InnerException.ShouldBeOfType<GrpcException>().Code;
    }
}
