using Google.Protobuf;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.EventStoreFace;
using Jifu.Ledger.Server.EventStoreFace.Appends;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class FaceAppendTests : FaceStory
{
    [Fact]
    public async Task Fifty_who_append_at_any_revision_of_one_stream_all_get_through()
    {
        var appends = Enumerable.Range(0, 50)
            .Select(_ => Writer.Append(Said.Append("ext.shop-1", Said.Event(Ids.Next())))).ToList();
        var revisions = (await Task.WhenAll(appends)).Select(one => one.Messages[0].Success.CurrentRevision).Order();
        revisions.ShouldBe(Enumerable.Range(0, 50).Select(i => (ulong)i));
    }

    [Fact]
    public async Task Appends_of_one_call_to_one_stream_keep_their_order_and_each_is_answered()
    {
        Guid[] calls = [.. Enumerable.Range(0, 30).Select(_ => Ids.Next())];
        var answered = await Writer.BatchAppend(calls.SelectMany(call => new[]
        {
            // In two messages each.
            Said.Batch(call, "ext.shop-1", false, Ids.Next()), Said.Batch(call, null, true, Ids.Next()),
        }));
        answered.Code.ShouldBe(Code.Ok);
        answered.Messages.Select(one => (one.CorrelationId.ToGuid(), one.Success.CurrentRevision))
            .ShouldBe(calls.Select((call, i) => (call, (ulong)((2 * i) + 1))));
    }

    [Fact]
    public async Task An_append_of_a_batch_keeps_its_own_deadline()
    {
        var late = Said.Batch(Ids.Next(), "ext.shop-1", true, Ids.Next());
        late.Options.Deadline21100 = new() { Seconds = 1 };
        var onTime = Said.Batch(Ids.Next(), "ext.shop-1", true, Ids.Next());
        onTime.Options.Deadline = new() { Seconds = 30 };
        var answered = await Writer.BatchAppend(late, onTime);
        answered.Messages[0].Error.Code.ShouldBe(Code.DeadlineExceeded);
        answered.Messages[0].Error.Details.Is(EventLog.EventStoreDb.Protocol.Timeout.Descriptor).ShouldBeTrue();
        answered.Messages[1].Success.CurrentRevision.ShouldBe(0ul);
    }

    [Fact]
    public async Task Another_version_is_answered_within_a_batch_as_EventStoreDB_answers_it()
    {
        var wrong = Said.Batch(Ids.Next(), "ext.shop-1", true, Ids.Next());
        wrong.Options.StreamPosition = 5;
        var error = (await Writer.BatchAppend(wrong)).Messages.Single().Error;
        (error.Code, error.Message, error.Details.TypeUrl).ShouldBe((
            Code.AlreadyExists, "WrongExpectedVersion", "type.googleapis.com/event_store.client.WrongExpectedVersion"));
        var details = error.Details.Unpack<WrongExpectedVersion>();
        (details.ExpectedStreamPosition, details.CurrentNoStream is not null).ShouldBe((5ul, true));
    }

    // StreamRevision.None of the client for .NET.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_largest_number_for_a_revision_is_no_stream(bool inBatch)
    {
        (await Append()).ShouldBe("0");
        (await Append()).ShouldBe("another version: 0");

        async Task<string> Append()
        {
            if (inBatch)
            {
                var one = Said.Batch(Ids.Next(), "ext.shop-1", true, Ids.Next());
                one.Options.StreamPosition = ulong.MaxValue;
                var told = (await Writer.BatchAppend(one)).Messages.Single();
                return told.Success is { } done ? $"{done.CurrentRevision}"
                    : $"another version: {told.Error.Details.Unpack<WrongExpectedVersion>().CurrentStreamRevision}";
            }

            var alone = Said.Append("ext.shop-1", Said.Event(Ids.Next()));
            alone[0].Options.Revision = ulong.MaxValue;
            var answer = (await Writer.Append(alone)).Messages.Single();
            return answer.Success is { } written ? $"{written.CurrentRevision}"
                : $"another version: {answer.WrongExpectedVersion.CurrentRevision}";
        }
    }

    [Fact]
    public async Task Another_version_is_answered_alone_with_everything_twice()
    {
        await Writer.Append(Said.Append("ext.shop-1", Said.Event(Ids.Next())));
        var first = Said.Append("ext.shop-1", Said.Event(Ids.Next()));
        first[0].Options.NoStream = new();
        var wrong = (await Writer.Append(first)).Messages.Single().WrongExpectedVersion;
        (wrong.CurrentRevision2060, wrong.CurrentRevision).ShouldBe((0ul, 0ul));
        (wrong.ExpectedRevision2060, wrong.ExpectedNoStream is not null).ShouldBe((ulong.MaxValue, true));
    }

    [Fact]
    public async Task What_was_begun_and_never_finished_is_bounded_and_leaves_nothing_behind()
    {
        var answered = await Writer.BatchAppend(Enumerable.Range(0, 300)
            .Select(_ => Said.Batch(Ids.Next(), "ext.shop-1", false, Ids.Next())));
        answered.Code.ShouldBe(Code.ResourceExhausted);
        (await Face.Log.Head(default)).ShouldBe(-1);
    }

    [Fact]
    public async Task Another_server_of_the_ledger_writes_its_events_in_its_own_name()
    {
        using var node = await As("ledger_node");
        var own = Said.Event(Ids.Next(), "payment.created");
        own.CustomMetadata = ByteString.CopyFromUtf8("""{"$correlationId":"r","actor":"job:clearing"}""");
        (await node.Append(Said.Append("payment-1", own))).Code.ShouldBe(Code.Ok);
        (await Face.Log.ReadAll(-1, 1, default))[0].Metadata.ShouldBe(new("job:clearing", "r", null));

        var forged = Said.Event(Ids.Next());
        forged.CustomMetadata = own.CustomMetadata;
        (await Writer.Append(Said.Append("ext.shop-1", forged))).Code.ShouldBe(Code.InvalidArgument);
    }

    [Fact]
    public void Whoever_is_refused_within_a_batch_is_told_why_in_the_way_that_clients_pass_on()
    {
        var busy = FaceRefusals.Of(new EventLogOverloadedException("It is full."))!;
        var append = new BatchedAppend(
            Ids.Next().ToText(), new() { StreamIdentifier = Said.Stream("ext.a-1"), Any = new() });
        var error = append.Refused(busy).Error;
        error.Code.ShouldBe(Code.ResourceExhausted);
        error.Details.Unpack<BadRequest>().Message.ShouldBe(busy.Detail);
    }

    [Fact]
    public async Task What_OpenTelemetry_adds_to_metadata_is_passed_over()
    {
        var traced = Said.Event(Ids.Next());
        traced.CustomMetadata = ByteString.CopyFromUtf8(
            """{"$correlationId":"r","$traceId":"4bf92f3577b34da6a3ce929d0e0e4736","$spanId":"00f067aa0ba902b7"}""");
        (await Writer.Append(Said.Append("ext.shop-1", traced))).Code.ShouldBe(Code.Ok);
        (await Face.Log.ReadAll(-1, 1, default))[0].Metadata.CorrelationId.ShouldBe("r");
    }

    [Theory]
    [InlineData(null, Code.Unauthenticated, "")]
    [InlineData("merchant", Code.PermissionDenied, "access-denied")]
    [InlineData("auditor", Code.PermissionDenied, "access-denied")]
    [InlineData("operator", Code.PermissionDenied, "access-denied")]
    public async Task Nobody_else_appends(string? role, Code code, string error)
    {
        using var caller = await As(role);
        var refused = await caller.Append(Said.Append("ext.shop-1", Said.Event(Ids.Next())));
        (refused.Code, refused.Error).ShouldBe((code, error));
        (await Face.Log.Head(default)).ShouldBe(-1);
    }

    [Theory]
    [InlineData("merchant")]
    [InlineData(null)]
    public async Task A_merchant_and_nobody_do_not_read(string? role)
    {
        using var caller = await As(role);
        (await caller.Read(Said.Read(null))).Code.ShouldBeOneOf(Code.PermissionDenied, Code.Unauthenticated);
    }
}
