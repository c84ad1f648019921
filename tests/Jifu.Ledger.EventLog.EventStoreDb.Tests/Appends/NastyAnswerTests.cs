using Google.Protobuf.WellKnownTypes;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;
using Empty = Google.Protobuf.WellKnownTypes.Empty;
using Status = Jifu.Ledger.EventLog.EventStoreDb.Protocol.Status;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Appends;

/// <summary>Whatever a server does, an append is written once or not at all, and its caller learns which.</summary>
public sealed class NastyAnswerTests : PlayedServerTests
{
    [Fact]
    public async Task An_answer_lost_after_the_write_is_looked_up_and_nothing_is_written_twice()
    {
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            await Take(call);
            call.Context.Abort();
        });
        var result = await Append(Open(), 1, -1, count: 3);
        result.ShouldBe(new(AppendOutcome.Appended, 2, Node.Log.After(-1)[^1].Position));
        Held().ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_never_comes_after_the_write_is_looked_up_in_time()
    {
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            await Take(call);
            await PlayedCall.Silence(call);
        });
        (await Append(Open("&defaultDeadline=4000"), 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        Held().ShouldBe(1);
    }

    [Fact]
    public async Task An_append_that_waits_in_vain_does_not_end_the_call_in_which_others_are_answered()
    {
        var ignored = new TaskCompletionSource();
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            for (var heard = 0; await call.Next(BatchAppendReq.Parser) is { } request; heard++)
                if (heard > 0)
                    await call.Answer(Done(request));
                else
                    ignored.SetResult();
        });
        var log = OpenTrusting($"esdb+discover://127.0.0.1:{Node.Port}?tls=false&defaultDeadline=6000");
        var waits = Append(log, 1, -1);
        await ignored.Task;
        for (var version = -1L; !waits.IsCompleted; version++)
            (await Append(log, 2, version)).Outcome.ShouldBe(AppendOutcome.Appended);
        (await waits).Outcome.ShouldBe(AppendOutcome.Appended);
        Node.Calls.Count(call => call.Method == EventStoreMethods.BatchAppend).ShouldBe(1);
        Node.Calls.Count(call => call.Method == EventStoreMethods.Gossip).ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_unavailable_and_the_deadline_is_told_to_it()
    {
        for (var i = 0; i < 5; i++)
            Node.Once(EventStoreMethods.BatchAppend, PlayedCall.Silence);
        await Should.ThrowAsync<EventLogUnavailableException>(Append(Open("&defaultDeadline=400"), 1, -1));
        Node.Calls.First().Header("grpc-timeout").ShouldNotBeNull();
        Held().ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_breaks_before_the_write_is_made_again()
    {
        foreach (var code in new[] { Code.Unavailable, Code.Unknown, Code.Internal, Code.Cancelled, Code.Aborted })
            Node.Once(EventStoreMethods.BatchAppend, async call =>
            {
                await call.Next(BatchAppendReq.Parser);
                call.End(code, "Server Is Not Ready");
            });
        (await Append(Open(), 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        Held().ShouldBe(1);
    }

    [Theory]
    [InlineData("Server Is Not Ready", Code.Ok)]
    [InlineData("Server Is Busy", Code.Ok)]
    [InlineData("No leader info available in response", Code.Ok)]
    [InlineData("Too much waits to be written", Code.ResourceExhausted)]
    public async Task A_node_that_cannot_take_it_yet_is_asked_again(string message, Code code)
    {
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            var request = await call.Next(BatchAppendReq.Parser);
            await call.Answer(new BatchAppendResp
            {
                CorrelationId = request!.CorrelationId,
                Error = new Status { Code = code, Message = message, Details = Any.Pack(new Empty()) },
            });
            await Node.Usual(call);
        });
        (await Append(Open(), 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task A_commit_that_timed_out_is_looked_up()
    {
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            var done = await Take(call);
            await call.Answer(new BatchAppendResp
            {
                CorrelationId = done.CorrelationId,
                Error = PlayedAppends.Error(Code.DeadlineExceeded, new Protocol.Timeout()),
            });
            await Node.Usual(call);
        });
        var log = OpenTrusting($"esdb+discover://127.0.0.1:{Node.Port}?tls=false");
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
        Held().ShouldBe(1);

        // Others' appends are in the same call, and its node leads as before.
        Node.Calls.Count(call => call.Method == EventStoreMethods.Gossip).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_larger_than_the_server_takes_is_refused_with_its_limit(bool amongMany)
    {
        Node.AppendBytesMax = 2_000;
        if (!amongMany)
            Node.Once(EventStoreMethods.BatchAppend, call => call.End(Code.Unimplemented));
        var log = Open();
        var refused = await Should.ThrowAsync<ArgumentException>(
            log.Append(Stream(1), -1, [Event(bytes: 3_000)], Metadata, default));
        refused.Message.ShouldContain("2000 bytes");
        (await Append(log, 1, -1)).Outcome.ShouldBe(AppendOutcome.Appended);
    }

    [Fact]
    public async Task An_old_server_without_batches_takes_appends_one_by_one()
    {
        // However many callers find it out at the same time.
        for (var caller = 0; caller < 20; caller++)
            Node.Once(
                EventStoreMethods.BatchAppend, call => call.End(Code.Unimplemented, "Service is unimplemented."));
        var log = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Append(log, i, -1, count: 2)));
        results.ShouldAllBe(result => result.Outcome == AppendOutcome.Appended && result.Version == 1);
        (await Append(log, 1, -1)).ShouldBe(new(AppendOutcome.Conflict, 1, -1));
        (await Append(log, 99, 3)).ShouldBe(new(AppendOutcome.Conflict, -1, -1));
        Node.Calls.Count(call => call.Method == EventStoreMethods.Append).ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Events_larger_than_a_message_travel_in_several()
    {
        Node.AppendBytesMax = 16 << 20;
        var events = Enumerable.Range(0, 5).Select(_ => Event(bytes: 900_000)).ToList();
        var log = Open();
        (await log.Append(Stream(1), -1, events, Metadata, default)).Version.ShouldBe(4);
        var read = await log.ReadStream(Stream(1), -1, 10, default);
        read.Select(@event => @event.EventId).ShouldBe(events.Select(@event => @event.EventId));
    }

    [Fact]
    public async Task Who_may_not_write_is_told_so_at_once()
    {
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            var request = await call.Next(BatchAppendReq.Parser);
            await call.Answer(new BatchAppendResp
            {
                CorrelationId = request!.CorrelationId,
                Error = PlayedAppends.Error(Code.PermissionDenied, new AccessDenied()),
            });
            await Node.Usual(call);
        });
        (await Should.ThrowAsync<EventLogUnavailableException>(Append(Open(), 1, -1)))
            .Message.ShouldContain("look at user and password");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_larger_than_the_server_takes_is_refused_with_its_limit(bool amongMany)
    {
        if (amongMany)
            Node.Once(EventStoreMethods.BatchAppend, async call =>
            {
                var request = await call.Next(BatchAppendReq.Parser);
                await call.Answer(new BatchAppendResp
                {
                    CorrelationId = request!.CorrelationId,
                    Error = PlayedAppends.Error(
                        Code.InvalidArgument,
                        new MaximumAppendEventSizeExceeded { ProposedEventSize = 900, MaxAppendEventSize = 800 }),
                });
                await Node.Usual(call);
            });
        else
            Node.Once(EventStoreMethods.BatchAppend, call => call.End(Code.Unimplemented))
                .Once(EventStoreMethods.Append, call => call.End(
                    Code.InvalidArgument, "Event with Id: 1, Size: 900, exceeds Maximum Append Event Size of 800.",
                    ("exception", "maximum-append-event-size-exceeded"), ("maximum-append-event-size", "800")));
        (await Should.ThrowAsync<ArgumentException>(Append(Open(), 1, -1))).Message.ShouldContain("800 bytes");
    }

    // A stream that was softly deleted is none to whoever reads it, and goes on where it ended.
    [Fact]
    public async Task An_append_that_goes_on_with_a_deleted_stream_is_an_error()
    {
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            var done = await Take(call);
            done.Success.CurrentRevision = 7;
            await call.Answer(done);
            await Node.Usual(call);
        });
        (await Should.ThrowAsync<InvalidOperationException>(Append(Open(), 1, -1)))
            .Message.ShouldContain("goes on with version 7 where 0 should be");
    }

    [Fact]
    public async Task A_success_without_a_position_has_one_at_or_before_the_head()
    {
        Node.Once(EventStoreMethods.BatchAppend, async call =>
        {
            var done = await Take(call);
            done.Success.NoPosition = new();
            await call.Answer(done);
            await Node.Usual(call);
        });
        var log = Open();
        (await Append(log, 1, -1)).Position.ShouldBe(await log.Head(default));
    }

    // Takes one append and does not say so.
    private async Task<BatchAppendResp> Take(PlayedCall call) => Done((await call.Next(BatchAppendReq.Parser))!);

    private BatchAppendResp Done(BatchAppendReq request) => new PlayedAppends(Node).Done(
        request.CorrelationId, request.Options,
        [.. request.ProposedMessages.Select(one => new ProposedEvent(
            one.Id.ToGuid(), one.Metadata["type"], one.Metadata["content-type"], one.Data, one.CustomMetadata))]);
}
