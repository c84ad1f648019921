using System.IO.Pipelines;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class FaceReadTests : FaceStory
{
    [Fact]
    public async Task Ids_come_in_the_form_that_the_client_asks_for()
    {
        var id = Ids.Next();
        await Writer.Append(Said.Append("ext.shop-1", Said.Event(id)));
        var structured = await Auditor.Read(Said.Read("ext.shop-1", o => o.UuidOption.Structured = new()));
        structured.Messages[0].Event.Event.Id.ValueCase.ShouldBe(UUID.ValueOneofCase.Structured);
        structured.Messages[0].Event.Event.Id.ToGuid().ShouldBe(id);
        var text = await Auditor.Read(Said.Read("ext.shop-1", o => o.UuidOption.String = new()));
        text.Messages[0].Event.Event.Id.String.ShouldBe($"{id}");
    }

    [Fact]
    public async Task Metadata_is_told_in_the_bytes_that_EventStoreDB_would_hold()
    {
        var metadata = new EventMetadata("staff:王芳", "request 1");
        await Face.Log.Append(new("payment", "1"), -1, [new(Ids.Next(), "payment.created", "{}"u8.ToArray())],
            metadata, default);
        (await Auditor.Read(Said.Read("payment-1"))).Messages[0].Event.Event.CustomMetadata.ToByteArray()
            .ShouldBe(EventMetadataJson.Write(metadata));
    }

    [Fact]
    public async Task A_client_that_can_bear_it_is_told_where_the_stream_ends()
    {
        await Writer.Append(Said.Append("ext.shop-1", Said.Event(Ids.Next()), Said.Event(Ids.Next())));
        var told = await Auditor.Read(Said.Read("ext.shop-1", o =>
            (o.Count, o.ControlOption) = (1, new() { Compatibility = 1 })));
        told.Messages.Select(one => one.ContentCase).ShouldBe(
            [ReadResp.ContentOneofCase.Event, ReadResp.ContentOneofCase.LastStreamPosition]);
        told.Messages[1].LastStreamPosition.ShouldBe(1ul);
    }

    [Fact]
    public async Task All_is_read_through_a_filter_too_and_what_it_leaves_out_does_not_count()
    {
        foreach (var stream in new[] { "ext.a-1", "ext.b-1", "ext.a-2", "ext.b-2", "ext.a-3" })
            await Writer.Append(Said.Append(stream, Said.Event(Ids.Next())));
        var backwards = await Auditor.Read(Said.Read(null, o =>
        {
            (o.Count, o.ReadDirection, o.All.End) = (2, ReadReq.Types.Options.Types.ReadDirection.Backwards, new());
            o.Filter = new()
            {
                StreamIdentifier = new() { Prefix = { "ext.a" } }, Count = new(), CheckpointIntervalMultiplier = 1,
            };
        }));
        backwards.Messages.Select(one => one.Event.Event.StreamIdentifier.StreamName.ToStringUtf8())
            .ShouldBe(["ext.a-3", "ext.a-2"]);
    }

    // As the client for .NET asks: how often to tell a subscriber is nothing to one who reads.
    [Fact]
    public async Task Who_reads_through_a_filter_need_not_say_how_often_a_subscriber_is_told()
    {
        foreach (var stream in new[] { "ext.a-1", "ext.b-1", "ext.a-2" })
            await Writer.Append(Said.Append(stream, Said.Event(Ids.Next())));
        var filter = new ReadReq.Types.Options.Types.FilterOptions
        {
            StreamIdentifier = new() { Prefix = { "ext.a" } }, Count = new(),
        };
        var read = await Auditor.Read(Said.Read(null, o => o.Filter = filter));
        read.Code.ShouldBe(Code.Ok);
        read.Messages.Select(one => one.Event.CommitPosition).ShouldBe([0ul, 2ul]);
        (await Auditor.Read(Said.Follow(null, o => o.Filter = filter))).Code.ShouldBe(Code.InvalidArgument);
    }

    [Fact]
    public async Task A_pattern_that_takes_too_long_is_given_up()
    {
        await Writer.Append(Said.Append($"ext.{new string('a', 150)}-1", Said.Event(Ids.Next())));
        var given = await Auditor.Read(Said.Follow(null, o => o.Filter = new()
        {
            StreamIdentifier = new() { Regex = @"^ext\.(?=(a|aa)+$)" }, Count = new(), CheckpointIntervalMultiplier = 1,
        }));
        given.Code.ShouldBe(Code.InvalidArgument);
        given.Message.ShouldContain("takes more than");
    }

    [Fact]
    public async Task Many_pages_come_in_order_both_ways()
    {
        const int count = 1_500;
        for (var i = 0; i < count; i += 500)
            await Writer.Append(
                Said.Append("ext.long-1", Enumerable.Range(i, 500).Select(_ => Said.Event(Ids.Next()))));
        var forwards = await Auditor.Read(Said.Read(null));
        forwards.Messages.Select(one => one.Event.CommitPosition)
            .ShouldBe(Enumerable.Range(0, count).Select(i => (ulong)i));
        var backwards = await Auditor.Read(Said.Read("ext.long-1", o =>
        {
            (o.Stream.End, o.ReadDirection) = (new(), ReadReq.Types.Options.Types.ReadDirection.Backwards);
            o.Count = 1_400;
        }));
        backwards.Messages.Select(one => one.Event.Event.StreamRevision)
            .ShouldBe(Enumerable.Range(0, 1_400).Select(i => (ulong)(count - 1 - i)));
    }

    [Fact]
    public async Task What_another_server_wrote_last_is_read_backwards_too()
    {
        await TwoServersWrote(100, 30);
        var backwards = await Auditor.Read(Said.Read(null, o =>
            (o.All.End, o.ReadDirection, o.Count) = (new(), ReadReq.Types.Options.Types.ReadDirection.Backwards, 120)));
        backwards.Messages.Select(one => one.Event.CommitPosition)
            .ShouldBe(Enumerable.Range(0, 120).Select(i => (ulong)(129 - i)));
    }

    [Fact]
    public async Task Whoever_follows_has_caught_up_only_with_what_other_servers_wrote()
    {
        await TwoServersWrote(100, 30);

        using var following = Auditor.Open(EventStoreMethods.Read, ReadResp.Parser);
        await following.Send(Said.Follow(null));
        var told = new List<ReadResp>();
        do
            told.Add((await following.Next())!);
        while (told[^1].CaughtUp is null);
        told.Count(one => one.Event is not null).ShouldBe(130);
        told[^1].CaughtUp.Position.CommitPosition.ShouldBe(129ul);
    }

    [Fact]
    public async Task A_slow_follower_gets_everything_and_one_that_vanishes_leaves_nothing_behind()
    {
        // Many times what fits into its window.
        var large = new byte[1 << 20];
        for (var i = 0; i < 6; i++)
            await Writer.Append(Said.Append("ext.large-1", Said.Event(Ids.Next(), bytes: large)));

        using (var vanishing = new FaceCaller(Face.Address("http"), await Face.Key("auditor")))
        {
            using var left = await vanishing.Begin(EventStoreMethods.Read, FaceCaller.Frames(Said.Follow(null)));
            using var live = await vanishing.Begin(
                EventStoreMethods.Read, FaceCaller.Frames(Said.Follow("ext.large-1", o => o.Stream.End = new())));
            await RunningServer.Until(() => Task.FromResult(Face.Subscriptions.Open == 2 && Face.Watch.Waiting == 1));
        }

        await RunningServer.Until(() => Task.FromResult(Face.Subscriptions.Open == 0 && Face.Watch.Waiting == 0));

        using var slow = await Auditor.Begin(EventStoreMethods.Read, FaceCaller.Frames(Said.Follow("ext.large-1")));
        await RunningServer.Until(() => Task.FromResult(Face.Subscriptions.Open == 1));
        await Task.Delay(300);
        var pipe = PipeReader.Create(await slow.Content.ReadAsStreamAsync());
        for (var revision = 0ul; revision < 6;)
            if (await GrpcFrames.Read(pipe, ReadResp.Parser, int.MaxValue, default) is { Event: { } told })
                told.Event.StreamRevision.ShouldBe(revision++);
    }

    [Fact]
    public async Task A_subscription_has_caught_up_only_when_all_that_was_there_is_told()
    {
        for (var i = 0; i < 24; i++)
            await Writer.Append(Said.Append("ext.large-1", Said.Event(Ids.Next(), bytes: new byte[1 << 20])));
        using var following = await Auditor.Begin(
            EventStoreMethods.Read, FaceCaller.Frames(Said.Follow(null, o => o.Filter = null)));
        var pipe = PipeReader.Create(await following.Content.ReadAsStreamAsync());
        var told = 0;
        while (await GrpcFrames.Read(pipe, ReadResp.Parser, int.MaxValue, default) is { CaughtUp: null } message)
            told += message.Event is null ? 0 : 1;
        told.ShouldBe(24);
    }

    [Fact]
    public async Task A_subscription_ends_at_its_deadline_and_when_the_server_stops()
    {
        (await Auditor.Read(Said.Follow(null), timeout: "200m")).Code.ShouldBe(Code.DeadlineExceeded);

        var following = Auditor.Read(Said.Follow(null));
        await RunningServer.Until(() => Task.FromResult(Face.Subscriptions.Open == 1));
        await Face.Stop();
        (await following).Code.ShouldBe(Code.Unavailable);
    }

    [Fact]
    public async Task The_ledgers_own_events_are_followed_as_they_happen()
    {
        using var following = await Auditor.Begin(EventStoreMethods.Read, FaceCaller.Frames(Said.Follow("payment-1")));
        var pipe = PipeReader.Create(await following.Content.ReadAsStreamAsync());
        (await Next()).Confirmation.ShouldNotBeNull();
        (await Next()).CaughtUp.StreamRevision.ShouldBe(-1);
        await Face.Log.Append(
            new("payment", "1"), -1, [new(Ids.Next(), "payment.created", "{\"数\":1}"u8.ToArray())],
            new("key:k-1", "request 1", "command 1"), default);
        var told = (await Next()).Event.Event;
        told.Metadata["content-type"].ShouldBe("application/json");
        told.CustomMetadata.ToStringUtf8().ShouldBe(
            """{"$correlationId":"request 1","actor":"key:k-1","$causationId":"command 1"}""");

        async Task<ReadResp> Next() => (await GrpcFrames.Read(pipe, ReadResp.Parser, int.MaxValue, default))!;
    }

    [Fact]
    public async Task What_somebody_has_changed_in_the_table_is_told_as_it_stands_there_however_it_is_asked_for()
    {
        await Writer.Append(Said.Append("ext.shop-1", Said.Event(Ids.Next()), Said.Event(Ids.Next())));
        await Face.Tamper("UPDATE log.events SET payload = '{\"fen\":7}' WHERE position = 0");
        using var following = Auditor.Open(EventStoreMethods.Read, ReadResp.Parser);
        await following.Send(Said.Follow(null));
        await following.Next();
        ReadResp[] told =
        [
            (await Auditor.Read(Said.Read("ext.shop-1"))).Messages[0],
            (await Auditor.Read(Said.Read(null))).Messages[0], (await following.Next())!,
        ];
        told.ShouldAllBe(one => one.Event.Event.Data.ToStringUtf8() == "{\"fen\":7}");
    }

    /// <summary>The server that is asked wrote first, then another.</summary>
    private async Task TwoServersWrote(int first, int then)
    {
        await Writer.Append(Said.Append("ext.a-1", Enumerable.Range(0, first).Select(_ => Said.Event(Ids.Next()))));
        await using var other = Face.LogOfAnotherServer();
        EventToAppend[] theirs = [.. Enumerable.Range(0, then)
            .Select(_ => new EventToAppend(Ids.Next(), "ext.sold", "{}"u8.ToArray()))];
        await other.Append(new("ext.b", "1"), -1, theirs, new("key:k-1", "r"), default);
    }
}
