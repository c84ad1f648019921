using System.IO.Pipelines;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class FaceKeyTests : FaceStory
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_key_ends_the_calls_that_are_open(bool byThisServer)
    {
        var (appender, follower) = (await Face.Key("event_writer"), await Face.Key("auditor"));
        using var caller = new FaceCaller(Face.Address("http"), appender);
        using var appends = caller.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser);
        await appends.Send(Said.Batch(Ids.Next(), "ext.a-1", true, Ids.Next()));
        (await appends.Next())!.Success.CurrentRevision.ShouldBe(0ul);
        using var single = caller.Open(EventStoreMethods.Append, AppendResp.Parser);
        var message = Said.Append("ext.a-1", Said.Event(Ids.Next()));
        await single.Send(message[0]);

        using var reader = new FaceCaller(Face.Address("http"), follower);
        var all = reader.Read(Said.Follow(null));
        var stream = reader.Read(Said.Follow("ext.b-1"));
        await RunningServer.Until(() => Task.FromResult(Face.Watch.Waiting == 2));

        foreach (var key in new[] { appender, follower })
            await (byThisServer ? Face.Revoke(key) : Face.RevokeElsewhere(key));
        (await appends.Ended()).Code.ShouldBe(Code.Unauthenticated);
        (await single.Ended()).Code.ShouldBe(Code.Unauthenticated);
        (await all).Code.ShouldBe(Code.Unauthenticated);
        (await stream).Code.ShouldBe(Code.Unauthenticated);
    }

    [Theory]
    [InlineData("ext.a-1")]
    [InlineData(null)]
    public async Task A_read_goes_no_further_once_this_server_has_revoked_the_key(string? stream)
    {
        var (follower, large) = (await Face.Key("auditor"), new byte[20_000]);
        for (var i = 0; i < 3; i++)
            (await Writer.Append(Said.Append(
                "ext.a-1", Enumerable.Range(0, 100).Select(_ => Said.Event(Ids.Next(), bytes: large)))))
                .Code.ShouldBe(Code.Ok);
        using var reader = new FaceCaller(Face.Address("http"), follower);
        using var response = await reader.Begin(EventStoreMethods.Read, FaceCaller.Frames(Said.Read(stream)));

        await Face.Revoke(follower);
        var (body, told) = (PipeReader.Create(await response.Content.ReadAsStreamAsync()), 0);
        try
        {
            while (await GrpcFrames.Read(body, ReadResp.Parser, int.MaxValue, default) is not null)
                told++;
        }
        catch (IOException)
        {
            // Cut off while it waited for us.
        }

        told.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task Nothing_is_appended_or_told_once_this_server_has_revoked_the_key()
    {
        var (appender, follower) = (await Face.Key("event_writer"), await Face.Key("auditor"));
        using var caller = new FaceCaller(Face.Address("http"), appender);
        using var appends = caller.Open(EventStoreMethods.BatchAppend, BatchAppendResp.Parser);
        await appends.Send(Said.Batch(Ids.Next(), "ext.a-1", true, Ids.Next()));
        (await appends.Next())!.Success.CurrentRevision.ShouldBe(0ul);
        using var reader = new FaceCaller(Face.Address("http"), follower);
        var following = reader.Read(Said.Follow(null, o => o.All.End = new()));
        await RunningServer.Until(() => Task.FromResult(Face.Watch.Waiting == 1));

        await Face.Revoke(appender);
        await Face.Revoke(follower);
        await appends.Send(Said.Batch(Ids.Next(), "ext.a-1", true, Ids.Next()));
        (await appends.Ended()).Code.ShouldBe(Code.Unauthenticated);
        (await Face.Log.Head(default)).ShouldBe(0);
        await Writer.Append(Said.Append("ext.a-1", Said.Event(Ids.Next())));
        (await following).Messages.ShouldNotContain(one => one.ContentCase == ReadResp.ContentOneofCase.Event);
    }
}
