using System.Globalization;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Microsoft.AspNetCore.Http;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

/// <summary>One call, as the played server sees it.</summary>
internal sealed class PlayedCall(HttpContext context)
{
    // Asked for when the call is over, too.
    private readonly Dictionary<string, string> _headers = context.Request.Headers.ToDictionary(
        header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    public string Method { get; } = context.Request.Path.Value!;

    public HttpContext Context => context;

    public CancellationToken Gone => context.RequestAborted;

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    public ValueTask<T?> Next<T>(MessageParser<T> parser) where T : class, IMessage<T> =>
        GrpcFrames.Read(context.Request.BodyReader, parser, 20 << 20, Gone);

    /// <summary>An answer that never comes.</summary>
    public static Task Silence(PlayedCall call) => Task.Delay(System.Threading.Timeout.Infinite, call.Gone);

    public async Task Answer(IMessage message)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "application/grpc";
        GrpcFrames.Write(context.Response.BodyWriter, message);
        await context.Response.BodyWriter.FlushAsync(Gone);
    }

    /// <summary>Ends the call: in the trailers, or in the headers when nothing was answered.</summary>
    public void End(Code code, string message = "", params (string Name, string Text)[] more)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "application/grpc";
        (string, string)[] all =
        [
            ("grpc-status", ((int)code).ToString(CultureInfo.InvariantCulture)),
            ("grpc-message", GrpcText.Encode(message)), .. more,
        ];
        foreach (var (name, text) in all)
            if (context.Response.HasStarted)
                context.Response.AppendTrailer(name, text);
            else
                context.Response.Headers[name] = text;
    }
}
