using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;

namespace Jifu.Ledger.EventLog.EventStoreDb.Nodes;

/// <summary>One node of EventStoreDB, and how calls to it look.</summary>
internal sealed class Node(
    DnsEndPoint address, EventStoreDbSettings settings, HttpMessageInvoker http, TimeProvider time)
{
    private readonly Uri _root = new UriBuilder(settings.Tls ? "https" : "http", address.Host, address.Port).Uri;

    public DnsEndPoint Address => address;

    /// <summary>Calls a method with messages that are there already.</summary>
    /// <param name="method">One of <see cref="EventStoreMethods"/>.</param>
    /// <param name="needsLeader">True to be refused by any node but the leader.</param>
    /// <param name="timeout">How long the call may take; null for as long as it likes.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="messages">The request.</param>
    /// <exception cref="GrpcException">The call failed.</exception>
    public Task<GrpcCall> Call(
        string method, bool needsLeader, TimeSpan? timeout, CancellationToken cancellation, params IMessage[] messages)
    {
        var body = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
            GrpcFrames.Write(body, message);
        return Call(method, needsLeader, timeout, new ReadOnlyMemoryContent(body.WrittenMemory), cancellation);
    }

    /// <summary>Calls a method with messages that come as the call goes on.</summary>
    /// <inheritdoc cref="Call(string, bool, TimeSpan?, CancellationToken, IMessage[])"/>
    public async Task<GrpcCall> Call(
        string method, bool needsLeader, TimeSpan? timeout, HttpContent content, CancellationToken cancellation)
    {
        content.Headers.ContentType = new(GrpcText.ContentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_root, method))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content,
        };
        request.Headers.TE.Add(new("trailers"));
        request.Headers.UserAgent.Add(new("jifu-ledger", "1"));
        request.Headers.Add(EventStoreTrailers.ConnectionName, settings.ConnectionName);
        request.Headers.Add(EventStoreTrailers.RequiresLeader, needsLeader ? "true" : "false");
        if (settings.Credentials is { } known)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{known.UserName}:{known.Password}")));
        if (timeout is { } span)
            request.Headers.Add(GrpcText.TimeoutHeader, GrpcText.EncodeTimeout(span));
        return await GrpcCall.Start(http, request, timeout, time, cancellation);
    }

    public override string ToString() => $"{address.Host}:{address.Port}";
}
