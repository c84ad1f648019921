using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

/// <summary>Calls the face byte by byte, also as no client should.</summary>
/// <param name="key">User and password; null for nobody.</param>
internal sealed class FaceCaller(Uri address, string? key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, InitialHttp2StreamWindowSize = 65_535,
    })
    {
        BaseAddress = address, DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = TimeSpan.FromSeconds(40),
    };

    public void Dispose() => _http.Dispose();

    public static byte[] Frames(params IEnumerable<IMessage> messages)
    {
        var body = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
            GrpcFrames.Write(body, message);
        return body.WrittenSpan.ToArray();
    }

    /// <summary>The whole call; it must end by itself.</summary>
    public async Task<Called<T>> Call<T>(
        string method, MessageParser<T> parser, byte[] body, string? timeout = null) where T : class, IMessage<T>
    {
        using var response = await Begin(method, body, timeout);
        var (pipe, messages) = (PipeReader.Create(await response.Content.ReadAsStreamAsync()), new List<T>());
        while (await GrpcFrames.Read(pipe, parser, int.MaxValue, default) is { } message)
            messages.Add(message);
        return Called<T>.Of(response, messages);
    }

    public Task<Called<ReadResp>> Read(ReadReq request, string? timeout = null) =>
        Call(EventStoreMethods.Read, ReadResp.Parser, Frames(request), timeout);

    public Task<Called<AppendResp>> Append(params IEnumerable<AppendReq> messages) =>
        Call(EventStoreMethods.Append, AppendResp.Parser, Frames(messages));

    public Task<Called<BatchAppendResp>> BatchAppend(params IEnumerable<BatchAppendReq> messages) =>
        Call(EventStoreMethods.BatchAppend, BatchAppendResp.Parser, Frames(messages));

    /// <summary>A call whose answer the caller reads itself, or leaves.</summary>
    public Task<HttpResponseMessage> Begin(string method, byte[] body, string? timeout = null) =>
        Begin(method, new ByteArrayContent(body), timeout);

    /// <summary>A call that goes on.</summary>
    public OpenCall<T> Open<T>(string method, MessageParser<T> parser) where T : class, IMessage<T> =>
        new(parser, body => Begin(method, body));

    private async Task<HttpResponseMessage> Begin(string method, HttpContent body, string? timeout = null)
    {
        body.Headers.ContentType = new MediaTypeHeaderValue(GrpcText.ContentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        if (key is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key)));
        if (timeout is not null)
            request.Headers.Add(GrpcText.TimeoutHeader, timeout);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}

/// <summary>How a call ended.</summary>
/// <param name="Error">The name that EventStoreDB's clients know; empty for none.</param>
internal sealed record Called<T>(IReadOnlyList<T> Messages, string Status, string Message, string Error)
{
    public Code Code => (Code)int.Parse(Status, System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="response">Read to its end.</param>
    public static Called<T> Of(HttpResponseMessage response, IReadOnlyList<T> messages) => new(
        messages, Trailer(response, GrpcText.StatusHeader), Trailer(response, GrpcText.MessageHeader),
        Trailer(response, EventStoreTrailers.Exception));

    private static string Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) ? GrpcText.Decode(values.Single()) : "";
}

/// <summary>Messages that tests send.</summary>
internal static class Said
{
    public static ReadReq Read(string? stream, Action<ReadReq.Types.Options>? with = null)
    {
        var options = new ReadReq.Types.Options { Count = ulong.MaxValue, NoFilter = new(), UuidOption = new() };
        if (stream is null)
            options.All = new() { Start = new() };
        else
            options.Stream = new() { StreamIdentifier = Stream(stream), Start = new() };
        with?.Invoke(options);
        return new() { Options = options };
    }

    public static ReadReq Follow(string? stream, Action<ReadReq.Types.Options>? with = null) => Read(stream, options =>
    {
        options.Subscription = new();
        with?.Invoke(options);
    });

    public static AppendReq[] Append(string stream, params IEnumerable<AppendReq.Types.ProposedMessage> events) =>
    [
        new() { Options = new() { StreamIdentifier = Stream(stream), Any = new() } },
        .. events.Select(one => new AppendReq { ProposedMessage = one }),
    ];

    public static AppendReq.Types.ProposedMessage Event(
        Guid id, string type = "ext.sold", byte[]? bytes = null) => new()
    {
        Id = id.ToText(), Data = ByteString.CopyFrom(bytes ?? "{}"u8.ToArray()),
        Metadata = { ["type"] = type, ["content-type"] = "application/json" },
    };

    public static BatchAppendReq Batch(
        Guid correlation, string? stream, bool isFinal, params IEnumerable<Guid> ids) => new()
    {
        CorrelationId = correlation.ToText(), IsFinal = isFinal,
        Options = stream is null ? null : new() { StreamIdentifier = Stream(stream), Any = new() },
        ProposedMessages =
        {
            ids.Select(id => new BatchAppendReq.Types.ProposedMessage
            {
                Id = id.ToText(), Data = ByteString.CopyFromUtf8("{}"), Metadata = { ["type"] = "ext.sold" },
            }),
        },
    };

    public static StreamIdentifier Stream(string name) => new() { StreamName = ByteString.CopyFromUtf8(name) };
}
