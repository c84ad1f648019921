using System.Buffers;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Reads;

/// <summary>Whatever a server does, a reader gets each event once, in order, or an error.</summary>
public sealed class NastyReadTests : PlayedServerTests
{
    [Theory]
    [InlineData(Code.Unavailable)]
    [InlineData(Code.Internal)]
    [InlineData(Code.Unknown)]
    [InlineData(null)]
    public async Task A_page_that_breaks_off_is_read_again_whole(Code? code)
    {
        var log = Open();
        await Append(log, 1, -1, count: 5);
        Node.Once(EventStoreMethods.Read, async call =>
        {
            await call.Next(ReadReq.Parser);
            foreach (var one in Node.Log.After(-1).Where(one => !one.IsSystem).Take(2))
                await call.Answer(PlayedReads.Event(one));
            if (code is { } end)
                call.End(end, "gone");
        });
        (await log.ReadAll(-1, 10, default)).Select(@event => @event.Version).ShouldBe([0L, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_of_a_message_is_read_again()
    {
        var log = Open();
        await Append(log, 1, -1, count: 5);
        Node.Once(EventStoreMethods.Read, async call =>
        {
            call.Context.Response.ContentType = "application/grpc";
            var body = new ArrayBufferWriter<byte>();
            GrpcFrames.Write(body, PlayedReads.Event(Node.Log.After(-1)[^1]));
            await call.Context.Response.Body.WriteAsync(body.WrittenMemory[..^7]);
            call.Context.Abort();
        });
        (await log.ReadAll(-1, 10, default)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_message_beyond_all_bounds_is_refused_before_it_is_taken_in()
    {
        Node.Once(EventStoreMethods.Read, async call =>
        {
            call.Context.Response.ContentType = "application/grpc";
            await call.Context.Response.Body.WriteAsync(new byte[] { 0, 0x7f, 0xff, 0xff, 0xff });
            await call.Context.Response.Body.FlushAsync();
            await PlayedCall.Silence(call);
        });
        (await Should.ThrowAsync<InvalidOperationException>(Open().Head(default)))
            .Message.ShouldContain("larger than");
    }

    [Fact]
    public async Task A_refusal_in_the_headers_is_heard()
    {
        Node.Once(EventStoreMethods.Read, call =>
            call.End(Code.PermissionDenied, "Access Denied", ("exception", "access-denied")));
        (await Should.ThrowAsync<EventLogUnavailableException>(Open().Head(default)))
            .Message.ShouldContain("look at user and password");
    }

    [Theory]
    [InlineData(503, "text/plain")]
    [InlineData(200, "text/html")]
    public async Task What_a_proxy_says_is_no_answer(int status, string type)
    {
        var log = Open();
        await Append(log, 1, -1);
        Node.Once(EventStoreMethods.Read, call =>
        {
            call.Context.Response.StatusCode = status;
            call.Context.Response.ContentType = type;
        });
        (await log.ReadAll(-1, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_there_at_all_is_unavailable()
    {
        var port = Node.Port;
        await Node.DisposeAsync();
        var log = OpenAt($"esdb://127.0.0.1:{port}?tls=false&defaultDeadline=300");
        await Should.ThrowAsync<EventLogUnavailableException>(log.Head(default));
        await Should.ThrowAsync<EventLogUnavailableException>(Append(log, 1, -1));
    }

    [Fact]
    public async Task A_dropped_follower_goes_on_where_it_was_and_sees_each_event_once()
    {
        var log = Open();
        await Append(log, 0, -1);
        for (var i = 0; i < 3; i++)
            Node.Once(EventStoreMethods.Read, Node.Usual).Once(EventStoreMethods.Read, DropAfterOne);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new List<RecordedEvent>();
        var writer = Task.CompletedTask;
        await foreach (var page in log.Follow(-1, 10, enough.Token))
        {
            seen.AddRange(page);
            if (seen.Count == 1)
                writer = Task.Run(async () =>
                {
                    for (var i = 1; i <= 300; i++)
                        await Append(log, i, -1);
                });
            if (seen.Count >= 301)
                break;
        }

        await writer;
        seen.Select(@event => @event.EventId).ShouldBe(
            Node.Log.After(-1).Where(one => !one.IsSystem).Select(one => one.Id));
    }

    // As some servers after 23.10 do when all that they have found is their own.
    [Fact]
    public async Task A_checkpoint_that_is_no_position_does_not_end_a_subscription()
    {
        Node.Once(EventStoreMethods.Read, async call =>
        {
            (await call.Next(ReadReq.Parser))!.Options.Subscription.ShouldNotBeNull();
            await call.Answer(new ReadResp { Confirmation = new() { SubscriptionId = "played" } });
            await call.Answer(new ReadResp
            {
                Checkpoint = new() { CommitPosition = ulong.MaxValue, PreparePosition = ulong.MaxValue },
            });
            await call.Answer(new ReadResp { CaughtUp = new() });
            await Node.Log.News;
            await call.Answer(PlayedReads.Event(Node.Log.After(-1)[^1]));
            await PlayedCall.Silence(call);
        });
        var log = Open();
        var news = log.WaitPast(-1, default);
        await Append(Open(), 1, -1);
        await news;
        Node.Calls.Count(call => call.Method == EventStoreMethods.Read && call.Header("grpc-timeout") is null)
            .ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_somebody_has_truncated_is_no_history()
    {
        var log = Open();
        await Append(log, 1, -1, count: 5);
        Node.Once(EventStoreMethods.Read, async call =>
        {
            await call.Next(ReadReq.Parser);
            foreach (var one in Node.Log.Stream($"{Stream(1)}").Skip(2))
                await call.Answer(PlayedReads.Event(one, tellsPosition: false));
            call.End(Code.Ok);
        });
        (await Should.ThrowAsync<InvalidOperationException>(log.ReadStream(Stream(1), -1, 10, default)))
            .Message.ShouldContain("goes on with version 2 where 0 should be");
    }

    // As EventStoreDB does with whoever is slower than its buffer of 32 events.
    private async Task DropAfterOne(PlayedCall call)
    {
        var options = (await call.Next(ReadReq.Parser))!.Options;
        if (options.Subscription is null)
            throw new GrpcException(Code.Unavailable, "Played for a subscription only.");
        await call.Answer(new ReadResp { Confirmation = new() { SubscriptionId = "played" } });
        await Node.Log.News;
        await call.Answer(PlayedReads.Event(Node.Log.After(-1)[^1]));
        call.End(Code.Aborted, "Operation timed out: Consumer too slow to handle event while live.");
    }

    [Fact]
    public async Task EventStoreDBs_own_events_are_left_out()
    {
        var log = Open();
        var (_, _, position) = await Append(log, 1, -1);
        for (var i = 0; i < 200; i++)
            Node.Log.Statistics();
        (await log.Head(default)).ShouldBe(position);
        (await log.ReadAll(-1, 10, default)).Count.ShouldBe(1);
        (await log.ReadAll(position, 10, default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nohyphen", "made", "ext.unreadable-nohyphen", "no stream of a ledger is called 'nohyphen'")]
    [InlineData("half-", "made", "ext.unreadable-half-", "no stream of a ledger")]
    [InlineData("ext.shop", "made", "ext.unreadable-ext.shop", "no stream of a ledger")]
    [InlineData("order-1", "", "order-1", "An event type is not empty")]
    [InlineData("order-\0", "made", "order-\0", "A stream name is not empty and holds no NUL")]
    public async Task What_others_have_written_says_so_and_neither_hides_what_follows_nor_ends_appends(
        string stream, string type, string told, string why)
    {
        Write(stream, type, "");
        var log = Open();
        (await log.Head(default)).ShouldBe(Node.Log.After(-1)[^1].Position);
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);

        var (stray, ours) = await log.ReadAll(-1, 10, default) is [var first, var second]
            ? (first, second)
            : throw new InvalidDataException("Two events were written.");
        (stray.Stream.ToString(), ours.Stream, ours.Unreadable).ShouldBe((told, Stream(1), null));
        stray.Unreadable.ShouldNotBeNull().ShouldStartWith(why);
        stray.IsNameless.ShouldBe(stream != "order-1");
    }

    [Fact]
    public async Task A_name_without_end_is_told_in_part()
    {
        Write("x-" + new string('x', 5_000), "made", "");
        (await Open().ReadAll(-1, 10, default)).Single().Stream.ToString().Length.ShouldBe(111);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("no JSON")]
    [InlineData("""{"actor":"","$correlationId":""}""")]
    [InlineData("""{"actor":"\ud800","$correlationId":"\u0000"}""")]
    public async Task An_event_without_our_metadata_has_unknown_authors(string metadata)
    {
        Write("order-1", "made", metadata);
        (await Open().ReadAll(-1, 10, default)).Single().Metadata.ShouldBe(new("unknown", "unknown"));
    }

    private void Write(string stream, string type, string metadata) => Node.Log.Append(
        stream, -1,
        [new(Guid.NewGuid(), type, "application/json", ByteString.Empty, ByteString.CopyFromUtf8(metadata))],
        DateTimeOffset.UtcNow);
}
