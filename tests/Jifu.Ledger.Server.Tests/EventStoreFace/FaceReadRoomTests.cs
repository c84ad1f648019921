using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

/// <summary>Whoever only reads neither fills the memory nor takes the log from who writes.</summary>
public class FaceReadRoomTests : FaceStory
{
    [Fact]
    public async Task Reads_whose_clients_take_nothing_are_bounded_in_number()
    {
        var large = ByteString.CopyFrom(new byte[900_000]).ToByteArray();
        for (var i = 0; i < 3; i++)
            (await Writer.Append(Said.Append("ext.a-1", Said.Event(Ids.Next(), bytes: large)))).Code.ShouldBe(Code.Ok);
        var whole = FaceCaller.Frames(Said.Read("ext.a-1"));
        using var greedy = await As("auditor");
        var stalled = new List<HttpResponseMessage>();
        for (var i = 0; i < 100; i++)
            stalled.Add(await greedy.Begin(EventStoreMethods.Read, whole));
        var refused = await Auditor.Read(Said.Read("ext.a-1"));
        refused.Code.ShouldBe(Code.ResourceExhausted);
        refused.Message.ShouldContain("100 reads");
        (await Writer.Append(Said.Append("ext.a-1", Said.Event(Ids.Next())))).Code.ShouldBe(Code.Ok);

        stalled.ForEach(one => one.Dispose());
        await RunningServer.Until(async () => (await Auditor.Read(Said.Read("ext.a-1"))).Code == Code.Ok);
    }

    [Fact]
    public async Task What_is_read_takes_no_connection_from_what_is_written()
    {
        (await Writer.Append(Said.Append("ext.a-1", Said.Event(Ids.Next())))).Code.ShouldBe(Code.Ok);
        using var greedy = await As("auditor");
        List<Task<Called<ReadResp>>> reads = [];
        await using (await Face.LogLocked())
        {
            for (var i = 0; i < 30; i++)
                reads.AddRange(greedy.Read(Said.Read(null)), greedy.Read(Said.Read("ext.a-1")));
            await RunningServer.Until(async () => await Face.Waiting("jifu%") >= 4);
            await Task.Delay(500);
            (await Face.Waiting("jifu event log")).ShouldBe(0);
            (await Face.Waiting("jifu server")).ShouldBe(0);
            (await Face.Waiting("jifu%")).ShouldBeLessThanOrEqualTo(8);
        }

        await Task.WhenAll(reads);
        reads.ShouldAllBe(one => one.Result.Code == Code.Ok);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ext.a-1")]
    public async Task Who_follows_is_never_led_over_an_event_that_was_taken_away(string? stream)
    {
        for (var i = 0; i < 8; i++)
            (await Writer.Append(Said.Append("ext.a-1", Said.Event(Ids.Next())))).Code.ShouldBe(Code.Ok);
        await Face.Tamper("DELETE FROM log.events WHERE position = 5");
        using var following = Auditor.Open(EventStoreMethods.Read, ReadResp.Parser);
        await following.Send(Said.Follow(stream));
        var ended = await following.Ended().WaitAsync(TimeSpan.FromSeconds(20));
        ended.Code.ShouldBe(Code.Internal);
        ended.Messages.Count(one => one.Event is not null).ShouldBeLessThanOrEqualTo(5);
    }

    [Fact]
    public async Task A_name_that_no_store_can_hold_is_no_stream()
    {
        const string Name = "ext.a-\0";
        (await Auditor.Read(Said.Read(Name))).Messages.Single().StreamNotFound.ShouldNotBeNull();
        (await Auditor.Read(Said.Follow(Name))).Code.ShouldBe(Code.InvalidArgument);
        (await Writer.Append(Said.Append(Name, Said.Event(Ids.Next())))).Code.ShouldBe(Code.InvalidArgument);
        using var call = Writer.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser);
        await call.Send(Said.Batch(Ids.Next(), Name, true, Ids.Next()));
        (await call.Next())!.Error.Code.ShouldBe(Code.InvalidArgument);
    }
}
