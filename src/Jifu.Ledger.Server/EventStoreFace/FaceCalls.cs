using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.EventStoreFace.Appends;
using Jifu.Ledger.Server.EventStoreFace.Reads;
using Npgsql;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>Carries each call to what answers it, and ends it with gRPC's status.</summary>
internal sealed partial class FaceCalls(
    FaceDoor door, ReadCall reads, AppendCall appends, BatchAppendCall batches, ILogger<FaceCalls> logger) : IDisposable
{
    // What lasts longer needs no timer.
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);

    // It may repeat what the client said, and clients bound what they take in.
    private const int WordsMax = 500;

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends all calls: their clients ask again elsewhere, or later.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    // Some clients list persistent subscriptions over HTTP/1.1 where the server's features do not name them.
    private const string OtherHttp =
        "Only gRPC over HTTP/2 is answered here. Persistent subscriptions are not offered: follow by a subscription, "
        + "and keep the position that you have come to.";

    public async Task Answer(HttpContext context)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            await context.Response.WriteAsync(OtherHttp, context.RequestAborted);
            return;
        }

        if (!IsCall(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        context.Response.ContentType = GrpcText.ContentType;
        using var deadline = DeadlineOf(context.Request);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, _stopping.Token, deadline.Token);
        var refusal = await Ended(new(context, ended), deadline);
        if (context.RequestAborted.IsCancellationRequested)
            return;
        context.Response.AppendTrailer(GrpcText.StatusHeader, $"{(int)(refusal?.Code ?? Code.Ok)}");
        if (refusal is null)
            return;
        var why = refusal.Detail.Length > WordsMax ? $"{refusal.Detail[..WordsMax]} …" : refusal.Detail;
        context.Response.AppendTrailer(GrpcText.MessageHeader, GrpcText.Encode(why));
        foreach (var (name, value) in refusal.Trailers)
            context.Response.AppendTrailer(name, GrpcText.Encode(value));
    }

    private async Task<GrpcException?> Ended(FaceCall call, CancellationTokenSource deadline)
    {
        try
        {
            await Carry(call);
            return null;
        }
        catch (Exception) when (call.WhyCut is not null)
        {
            return call.WhyCut;
        }
        catch (GrpcException refusal)
        {
            return refusal;
        }
        catch (OperationCanceledException)
        {
            return deadline.IsCancellationRequested
                ? new(Code.DeadlineExceeded, "The call's own deadline has passed.")
                : new(Code.Unavailable, "The server stops, or the client has gone.");
        }
        catch (Exception e)
        {
            return FaceRefusals.Of(e) ?? Broken(call, e);
        }
    }

    private Task Carry(FaceCall call) => call.Method switch
    {
        EventStoreMethods.SupportedMethods => call.AnswerOnce(ServerPortrait.Methods),
        EventStoreMethods.Gossip => call.AnswerOnce(ServerPortrait.Cluster(call.ReachedAt)),
        EventStoreMethods.Read => door.Reader(call, reads.Answer),
        EventStoreMethods.Append => door.Writer(call, appends.Answer),
        EventStoreMethods.BatchAppend => door.Writer(call, batches.Answer),
        EventStoreMethods.Delete or EventStoreMethods.Tombstone =>
            throw new GrpcException(Code.Unimplemented, "Nothing is ever deleted from this log."),
        var method when method.StartsWith(EventStoreMethods.PersistentSubscriptions, StringComparison.Ordinal) =>
            throw new GrpcException(
                Code.Unimplemented,
                "Persistent subscriptions are not offered here: follow by a subscription, and keep the position that "
                + "you have come to."),
        _ => throw new GrpcException(Code.Unimplemented, $"{call.Method} is not offered here."),
    };

    private GrpcException Broken(FaceCall call, Exception cause)
    {
        LogBroken(call.Method, call.TraceId, cause);
        return new(Code.Internal, $"Something is broken on our side; trace {call.TraceId}.");
    }

    private static bool IsCall(HttpRequest request) => HttpMethods.IsPost(request.Method)
        && (request.ContentType ?? "").StartsWith(GrpcText.ContentType, StringComparison.OrdinalIgnoreCase);

    private static CancellationTokenSource DeadlineOf(HttpRequest request) =>
        GrpcText.DecodeTimeout(request.Headers[GrpcText.TimeoutHeader]) is { } left && left < LongestDeadline
            ? new(left, TimeProvider.System)
            : new();

    [LoggerMessage(LogLevel.Error, "{Method} broke (trace {Trace})")]
    private partial void LogBroken(string method, string trace, Exception cause);
}

/// <summary>How the log's own troubles are told to EventStoreDB's clients.</summary>
internal static class FaceRefusals
{
    /// <summary>Null for what is no such trouble.</summary>
    public static GrpcException? Of(Exception e) => e switch
    {
        EventLogOverloadedException => new(
            Code.ResourceExhausted, "Too much waits to be written; nothing of this was. Try again after a moment."),
        EventLogUnavailableException or NpgsqlException or TimeoutException => new(
            Code.Unavailable, "The log does not answer. What was to be appended may stand in it: repeat the same ids."),
        IOException => new(Code.Unavailable, "The client has gone."),
        _ => null,
    };

    public static GrpcException AccessDenied(string why) => Named(
        Code.PermissionDenied, EventStoreTrailers.AccessDenied, why);

    /// <summary>An error by the name that EventStoreDB's clients know.</summary>
    public static GrpcException Named(
        Code code, string name, string why, params (string Name, string Value)[] trailers) => new(
            code, why,
            trailers.Append((EventStoreTrailers.Exception, name)).ToDictionary(one => one.Item1, one => one.Item2));

    public static GrpcException Invalid(string why) => new(Code.InvalidArgument, why);
}
