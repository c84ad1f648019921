using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.EventStoreFace.Appends;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class FaceMemoryTests : FaceStory
{
    private static readonly ByteString OneMiB = ByteString.CopyFrom(new byte[1 << 20]);

    [Fact]
    public async Task Calls_that_have_all_begun_large_appends_all_get_through()
    {
        var calls = Enumerable.Range(0, 6)
            .Select(_ => (Id: Ids.Next(), Call: Writer.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser)))
            .ToList();
        foreach (var (id, call) in calls)
            for (var i = 0; i < 10; i++)
                await call.Send(Large(id, isFirst: i == 0, isFinal: false));
        await RunningServer.Until(() => Task.FromResult(Face.Room.Used >= 60 << 20));
        foreach (var (id, call) in calls)
            for (var i = 0; i < 2; i++)
                await call.Send(Large(id, isFirst: false, isFinal: i == 1));
        foreach (var (_, call) in calls)
        {
            (await call.Next())!.Error.Code.ShouldBe(Code.DeadlineExceeded);
            call.Dispose();
        }

        await RunningServer.Until(() => Task.FromResult(Face.Room.Used == 0));
    }

    [Fact]
    public async Task What_waits_to_be_written_is_bounded_however_much_a_client_sends()
    {
        using var call = Writer.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser);
        await using (await Face.LogLocked())
        {
            for (var i = 0; i < 40; i++)
            {
                var append = Large(Ids.Next(), isFirst: true, isFinal: true, events: 2);
                (append.Options.StreamPosition, append.Options.Deadline) = (7, null);
                await call.Send(append);
            }

            await RunningServer.Until(() => Task.FromResult(Face.Room.Used >= 60 << 20));
            await Task.Delay(300);
            Face.Room.Used.ShouldBeLessThanOrEqualTo(AppendRoom.BytesMax + (2 << 20));
        }

        for (var i = 0; i < 40; i++)
            (await call.Next())!.Error.ShouldNotBeNull();
        await RunningServer.Until(() => Task.FromResult(Face.Room.Used == 0));
    }

    [Fact]
    public async Task Metadata_of_appends_that_were_begun_is_bounded_too()
    {
        var kept = ByteString.CopyFromUtf8($$"""{"$correlationId":"{{new string('r', 16_000)}}"}""");
        var begun = Enumerable.Range(0, 8).Select(_ =>
        {
            var message = Said.Batch(Ids.Next(), "ext.a-1", false, Enumerable.Range(0, 300).Select(_ => Ids.Next()));
            foreach (var one in message.ProposedMessages)
                one.CustomMetadata = kept;
            return message;
        });
        (await Writer.BatchAppend(begun)).Code.ShouldBe(Code.ResourceExhausted);
    }

    [Fact]
    public async Task Very_many_parts_of_hardly_a_byte_are_refused_before_they_are_made()
    {
        var (crowd, names) = (Said.Batch(Ids.Next(), "ext.a-1", true), Said.Event(Ids.Next()));
        crowd.ProposedMessages.Add(Enumerable.Repeat(new BatchAppendReq.Types.ProposedMessage(), 30_000));
        for (var i = 0; i < 30_000; i++)
            names.Metadata[$"{i}"] = "";
        (await Writer.BatchAppend(crowd)).Code.ShouldBe(Code.InvalidArgument);
        (await Writer.Append(Said.Append("ext.a-1", names))).Code.ShouldBe(Code.InvalidArgument);
    }

    [Fact]
    public async Task Whoever_takes_no_answers_keeps_nobody_waiting()
    {
        Face.Room.Patience = TimeSpan.FromSeconds(1);
        using var deaf = Writer.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser);

        // No such stream can be, and the answer repeats the name: it is more than a client takes in unread.
        var append = Large(Ids.Next(), isFirst: true, isFinal: true, events: 2);
        append.Options.StreamIdentifier = Said.Stream(new('n', 200_000));
        await deaf.Send(append);
        await RunningServer.Until(() => Task.FromResult(Face.Room.Used >= 2 << 20));
        await RunningServer.Until(() => Task.FromResult(Face.Room.Used == 0));
    }

    [Fact]
    public async Task Calls_that_wait_for_room_do_not_keep_the_others_of_their_connection_waiting()
    {
        AppendRoom.Share held = new(), beyond = new();
        await Face.Room.Take(held, AppendRoom.BytesMax, true, default);
        await Face.Room.Take(beyond, AppendRoom.BytesMax, true, default);
        using var caller = await As("event_writer");
        var (options, large) = (Said.Append("ext.a-1")[0], Said.Event(Ids.Next(), bytes: new byte[200_000]));
        for (var i = 0; i < 99; i++)
        {
            var call = caller.Open(EventStoreMethods.Append, AppendResp.Parser);
            await call.Send(options);
            await call.Send(new AppendReq { ProposedMessage = large });
        }

        await Task.Delay(1000);
        var read = await caller.Read(Said.Read("ext.a-1")).WaitAsync(TimeSpan.FromSeconds(20));
        read.Code.ShouldBe(Code.Ok);
    }

    [Fact]
    public async Task An_append_that_is_left_ends_its_call_however_much_else_comes_over_it()
    {
        using var call = Writer.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser);
        await call.Send(Said.Batch(Ids.Next(), "ext.a-1", false, Ids.Next()));
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(750);
            Face.Room.Patience = TimeSpan.FromMilliseconds(i < 2 ? 30_000 : 200);
            await call.Send(Said.Batch(Ids.Next(), "ext.b-1", true, Ids.Next()));
            (await call.Next())!.Success.ShouldNotBeNull();
        }

        var ended = await call.Ended();
        ended.Code.ShouldBe(Code.DeadlineExceeded);
        ended.Message.ShouldContain("ext.a-1");
    }

    [Fact]
    public async Task A_large_message_may_take_the_longer_to_come()
    {
        Face.Room.Patience = TimeSpan.FromSeconds(1);
        using var call = Writer.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser);
        var bytes = FaceCaller.Frames(Large(Ids.Next(), isFirst: true, isFinal: true));
        await call.SendBytes(bytes.AsMemory(0, 100_000));
        await Task.Delay(3000);
        await call.SendBytes(bytes.AsMemory(100_000));
        (await call.Next())!.Error.Code.ShouldBe(Code.DeadlineExceeded);
    }

    // Too late to be written, so that none of it is.
    private static BatchAppendReq Large(Guid id, bool isFirst, bool isFinal, int events = 1)
    {
        var message = Said.Batch(
            id, isFirst ? "ext.a-1" : null, isFinal, Enumerable.Range(0, events).Select(_ => Ids.Next()));
        foreach (var one in message.ProposedMessages)
            one.Data = OneMiB;
        if (isFirst)
            message.Options.Deadline = new();
        return message;
    }
}
