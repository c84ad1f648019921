using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class FaceBadInputTests : FaceStory
{
    [Fact]
    public async Task Bytes_that_are_no_call_get_a_clear_status()
    {
        var whole = FaceCaller.Frames(Said.Read(null));
        (string Name, byte[] Body)[] cases =
        [
            ("nothing", []),
            ("a length and no message", [0, 0, 0, 0, 9]),
            ("half a length", [0, 0]),
            ("cut off", whole[..^1]),
            ("no message of this kind", [0, 0, 0, 0, 3, 255, 255, 255]),
            ("compressed", [1, .. whole[1..]]),
            ("two gigabytes announced", [0, 127, 255, 255, 255, 1]),
            ("four gigabytes announced", [0, 255, 255, 255, 255, 1]),
            ("without options", FaceCaller.Frames(new ReadReq())),
            ("without a stream", FaceCaller.Frames(new ReadReq { Options = new() })),
            ("without a count", FaceCaller.Frames(Said.Read(null, o => o.ClearCountOption()))),
            ("backwards for ever", FaceCaller.Frames(Said.Follow(null, o =>
                o.ReadDirection = ReadReq.Types.Options.Types.ReadDirection.Backwards))),
            ("a stream through a filter", FaceCaller.Frames(Said.Read("ext.a-1", o => o.Filter = new()
            {
                EventType = new() { Prefix = { "a" } }, Count = new(), CheckpointIntervalMultiplier = 1,
            }))),
            ("a filter of nothing", FaceCaller.Frames(Said.Read(null, o => o.Filter = new()))),
            ("a name that is none, followed", FaceCaller.Frames(Said.Follow("$ce-payment"))),
        ];
        var told = new List<string>();
        foreach (var (name, body) in cases)
        {
            var called = await Auditor.Call(EventStoreMethods.Read, ReadResp.Parser, body);
            told.Add($"{name}: {called.Code}: {called.Message}");
        }

        string.Join('\n', told).ShouldMatchApproved(o => o.NoDiff());
    }

    [Theory]
    [InlineData("https", HttpStatusCode.NotImplemented, "Persistent subscriptions are not offered")]
    [InlineData("http", HttpStatusCode.BadRequest, "HTTP/2 only")]
    public async Task Who_lists_persistent_subscriptions_over_an_older_HTTP_is_refused_in_a_sentence(
        string scheme, HttpStatusCode status, string sentence)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Face.AuthorityFile);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new()
            {
                CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
                },
            },
        });
        using var answer = await http.GetAsync(new Uri(Face.Address(scheme), "/subscriptions"));
        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(sentence);
    }

    [Fact]
    public async Task Appends_that_are_none_are_refused_and_write_nothing()
    {
        var sold = Said.Event(Ids.Next());
        (string Name, byte[] Body)[] cases =
        [
            ("an event before the stream", FaceCaller.Frames(new AppendReq { ProposedMessage = sold })),
            ("no event", FaceCaller.Frames(Said.Append("ext.a-1"))),
            ("no expectation", FaceCaller.Frames(new AppendReq
            {
                Options = new() { StreamIdentifier = Said.Stream("ext.a-1") },
            }, new AppendReq { ProposedMessage = sold })),
            ("one id twice", FaceCaller.Frames(Said.Append("ext.a-1", sold, sold))),
            ("no id", Bad(one => one.Id = null)),
            ("an id of zeroes", Bad(one => one.Id = Guid.Empty.ToText())),
            ("an id that is none", Bad(one => one.Id = new() { String = "7" })),
            ("no type", Bad(one => one.Metadata.Clear())),
            ("a type with a NUL", Bad(one => one.Metadata["type"] = "ext.\0")),
            ("metadata that is no JSON", Bad(one => one.CustomMetadata = ByteString.CopyFromUtf8("{"))),
            ("metadata that is a number", Bad(one => one.CustomMetadata = ByteString.CopyFromUtf8("7"))),
            ("a name of 201 characters", FaceCaller.Frames(Said.Append($"ext.a-{new string('1', 195)}", sold))),
            ("too many", FaceCaller.Frames(Said.Append(
                "ext.a-1", Enumerable.Range(0, 1001).Select(_ => Said.Event(Ids.Next()))))),
            ("a body cut off", FaceCaller.Frames(Said.Append("ext.a-1", sold))[..^1]),
        ];
        var told = new List<string>();
        foreach (var (name, body) in cases)
        {
            var called = await Writer.Call(EventStoreMethods.Append, AppendResp.Parser, body);
            told.Add($"{name}: {called.Code}: {called.Error} {called.Message}");
        }

        string.Join('\n', told).ShouldMatchApproved(o => o.NoDiff());
        (await Face.Log.Head(default)).ShouldBe(-1);
    }

    private static byte[] Bad(Action<AppendReq.Types.ProposedMessage> change)
    {
        var one = Said.Event(Ids.Next());
        change(one);
        return FaceCaller.Frames(Said.Append("ext.a-1", one));
    }

    [Theory]
    [InlineData("/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read")]
    [InlineData("/event_store.client.streams.Streams/Tombstone")]
    [InlineData("/v1/merchants")]
    public async Task What_is_not_offered_says_so(string method) =>
        (await Writer.Call(method, Empty.Parser, FaceCaller.Frames(new Empty()))).Code.ShouldBe(Code.Unimplemented);

    [Fact]
    public async Task What_is_no_call_at_all_is_answered_as_http()
    {
        using var http = new HttpClient
        {
            DefaultRequestVersion = System.Net.HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        (await http.GetAsync(Face.Address("http"))).StatusCode.ShouldBe(System.Net.HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Anybody_is_told_what_the_server_can_do_and_where_it_leads()
    {
        using var nobody = await As(null);
        var features = await nobody.Call(
            EventStoreMethods.SupportedMethods, SupportedMethods.Parser, FaceCaller.Frames(new Empty()));
        features.Messages[0].Methods.Select(one => $"{one.ServiceName}/{one.MethodName}")
            .ShouldContain("event_store.client.streams.streams/batchappend");
        var gossip = await nobody.Call(EventStoreMethods.Gossip, ClusterInfo.Parser, FaceCaller.Frames(new Empty()));
        var member = gossip.Messages[0].Members.Single();
        (member.State, member.IsAlive).ShouldBe((MemberInfo.Types.VNodeState.Leader, true));
        (member.HttpEndPoint.Address, member.HttpEndPoint.Port)
            .ShouldBe((Face.Address("http").Host, (uint)Face.Address("http").Port));
    }
}
