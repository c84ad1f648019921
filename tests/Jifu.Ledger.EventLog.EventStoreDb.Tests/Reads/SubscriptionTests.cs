using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Reads;

/// <summary>A subscription that is dropped goes on where it was, and soon.</summary>
public sealed class SubscriptionTests : PlayedServerTests
{
    // As KurrentDB 25.0 may do: the commit position of the event that comes next, and 0.
    [Fact]
    public async Task A_checkpoint_is_kept_in_both_its_numbers()
    {
        var next = Node.Log.After(-1)[^1].Position + 500;
        ReadReq.Types.Options.Types.Position? asked = null;
        Node.Once(EventStoreMethods.Read, async call =>
        {
            (await call.Next(ReadReq.Parser))!.Options.Subscription.ShouldNotBeNull();
            await call.Answer(new ReadResp { Confirmation = new() { SubscriptionId = "played" } });
            await call.Answer(new ReadResp
            {
                Checkpoint = new() { CommitPosition = (ulong)next, PreparePosition = 0 },
            });
            call.End(Code.Aborted, "Operation timed out: Consumer too slow to handle event while live.");
        });
        Node.Once(EventStoreMethods.Read, async call =>
        {
            asked = (await call.Next(ReadReq.Parser))!.Options.All.Position;
            await PlayedCall.Silence(call);
        });
        var log = Open();
        for (var i = 0; i < 20 && asked is null; i++)
            await log.WaitPast(-1, default);
        asked.ShouldNotBeNull();
        (asked.CommitPosition, asked.PreparePosition).ShouldBe(((ulong)next, 0UL));
    }

    // With bursts that do not fit into a server's live buffer one drop follows another. Once more patience each time
    // would leave waiting whoever waits for news.
    [Fact]
    public async Task Who_is_dropped_again_and_again_for_being_slow_is_back_soon()
    {
        const int drops = 8;
        Node.SubscriptionsToDrop = drops;
        var log = Open();
        var begun = TimeProvider.System.GetTimestamp();
        while (Node.Calls.Count(call => call.Header("grpc-timeout") is null) <= drops)
            await log.WaitPast(-1, default);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }
}
