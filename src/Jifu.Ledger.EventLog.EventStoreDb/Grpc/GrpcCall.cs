using System.IO.Pipelines;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>A call under way, on the client's side. Disposing of it ends it, whatever the server still sends.</summary>
internal sealed class GrpcCall : IDisposable
{
    // One event of EventStoreDB may have up to 16 MiB.
    private const int MessageBytesMax = 20 << 20;

    // We wait a moment longer than the server, so that its own word is heard when it has one.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly HttpResponseMessage _response;
    private readonly PipeReader _body;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationToken _given;

    private GrpcCall(
        HttpResponseMessage response, PipeReader body, CancellationTokenSource deadline, CancellationToken given) =>
        (_response, _body, _deadline, _given) = (response, body, deadline, given);

    /// <summary>Sends a request and waits for the answer to begin.</summary>
    /// <param name="http">The connections.</param>
    /// <param name="request">POST to a method, with its messages as content.</param>
    /// <param name="timeout">How long the whole call may take; null for as long as it likes.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="GrpcException">It failed, or the server was not reached (UNAVAILABLE).</exception>
    public static async Task<GrpcCall> Start(
        HttpMessageInvoker http, HttpRequestMessage request, TimeSpan? timeout, TimeProvider time,
        CancellationToken cancellation)
    {
        var deadline = new CancellationTokenSource(
            timeout is { } span
                ? (span > TimeSpan.Zero ? span : TimeSpan.Zero) + Grace
                : System.Threading.Timeout.InfiniteTimeSpan, time);
        HttpResponseMessage? response = null;
        try
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            response = await http.SendAsync(request, linked.Token);
            if (GrpcStatusOf.Head(response) is { } failure)
                throw failure;
            var stream = await response.Content.ReadAsStreamAsync(linked.Token);
            return new(response, PipeReader.Create(stream, new(bufferSize: 1 << 16)), deadline, cancellation);
        }
        catch (Exception e)
        {
            response?.Dispose();
            var told = Told(e, deadline, cancellation);
            deadline.Dispose();
            if (told is null)
                throw;
            throw told;
        }
    }

    /// <summary>The next message of the answer; null when it has ended well.</summary>
    /// <exception cref="GrpcException">It ended otherwise.</exception>
    public async ValueTask<T?> Next<T>(MessageParser<T> parser) where T : class, IMessage<T>
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, _given);
        try
        {
            if (await GrpcFrames.Read(_body, parser, MessageBytesMax, linked.Token) is { } message)
                return message;
        }
        catch (Exception e) when (Told(e, _deadline, _given) is { } told)
        {
            throw told;
        }

        return GrpcStatusOf.End(_response) is { } failure ? throw failure : null;
    }

    /// <summary>The one message of an answer that has just one.</summary>
    /// <inheritdoc cref="Next"/>
    public async Task<T> Only<T>(MessageParser<T> parser) where T : class, IMessage<T>
    {
        var only = await Next(parser) ?? throw new GrpcException(Code.Internal, "The answer is empty.");
        return await Next(parser) is null
            ? only
            : throw new GrpcException(Code.Internal, "The answer holds more than one message.");
    }

    public void Dispose()
    {
        _response.Dispose();
        _deadline.Dispose();
    }

    // Null for what is to be thrown as it is: our own errors, and the caller's wish to end.
    private static GrpcException? Told(Exception e, CancellationTokenSource deadline, CancellationToken given) =>
        e switch
        {
            OperationCanceledException when given.IsCancellationRequested => null,
            OperationCanceledException when deadline.IsCancellationRequested =>
                new(Code.DeadlineExceeded, "The server did not answer in time.", cause: e),
            OperationCanceledException or HttpRequestException or IOException =>
                new(Code.Unavailable, $"The server was not reached, or the connection broke: {Reason(e)}", cause: e),
            _ => null,
        };

    // Of a certificate that does not do, only the innermost says what is wrong with it.
    private static string Reason(Exception e) => e.GetBaseException().Message is var innermost
        && e.Message.Contains(innermost, StringComparison.Ordinal) ? e.Message : $"{e.Message} {innermost}";
}
