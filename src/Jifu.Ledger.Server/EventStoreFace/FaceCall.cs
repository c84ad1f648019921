using System.Buffers;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>One call of a client, while it lasts.</summary>
/// <param name="context">Its request and response.</param>
/// <param name="ended">Cancelled when the client has gone, when its deadline has passed, when the server stops, when
/// the call is cut.</param>
internal sealed class FaceCall(HttpContext context, CancellationTokenSource ended)
{
    // Sent at the latest when so much has gathered.
    private const int GatheredBytesMax = 64 << 10;

    private int _gathered;

    public string Method => context.Request.Path.Value ?? "";

    public CancellationToken Ended => ended.Token;

    /// <summary>Why we have ended it, in whatever way it noticed; null when we have not.</summary>
    public GrpcException? WhyCut { get; private set; }

    public string TraceId => Problem.TraceIdOf(context);

    public string? Authorization => context.Request.Headers.Authorization;

    /// <summary>The address by which the client found us, whatever stands between.</summary>
    public HostString ReachedAt => context.Request.Host;

    /// <summary>The client's next message; null when it has no more.</summary>
    public Task<T?> Next<T>(MessageParser<T> parser, int bytesMax) where T : class, IMessage<T> =>
        Next(parser.ParseFrom, bytesMax, begins: null, Ended);

    /// <param name="begins">Told of the message's length, and waited for, before more of it is read.</param>
    public async Task<T?> Next<T>(
        Func<ReadOnlySequence<byte>, T> parse, int bytesMax, Func<int, ValueTask>? begins,
        CancellationToken cancellation) where T : class, IMessage<T>
    {
        try
        {
            return await GrpcFrames.Read(context.Request.BodyReader, parse, bytesMax, begins, cancellation);
        }
        catch (GrpcException e) when (e.Code == Code.Internal)
        {
            // It is the client's mistake, not ours.
            throw FaceRefusals.Invalid(e.Detail);
        }
    }

    /// <summary>The client's one message, of a call that has just one.</summary>
    public async Task<T> Only<T>(MessageParser<T> parser, int bytesMax) where T : class, IMessage<T> =>
        await Next(parser, bytesMax) ?? throw FaceRefusals.Invalid("The call holds no message.");

    /// <summary>Puts a message on its way; waits for a slow client when much has gathered.</summary>
    public async ValueTask Write(IMessage message)
    {
        GrpcFrames.Write(context.Response.BodyWriter, message);
        _gathered += message.CalculateSize();
        if (_gathered >= GatheredBytesMax)
            await Flush();
    }

    /// <summary>Sends what has gathered, as fast as the client takes it.</summary>
    public async Task Flush()
    {
        _gathered = 0;
        await context.Response.BodyWriter.FlushAsync(Ended);
    }

    /// <summary>Ends it, wherever it waits.</summary>
    public async Task Cut(GrpcException why)
    {
        WhyCut = why;
        await ended.CancelAsync();
    }

    public async Task AnswerOnce(IMessage message)
    {
        await Write(message);
        await Flush();
    }
}
