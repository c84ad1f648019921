using System.Net;
using Jifu.Ledger.Channels.Sandbox;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Jifu.Ledger.Channels.Simulator.Endpoints;

/// <summary>A request whose signature was checked over the bytes that came in.</summary>
internal sealed record SignedRequest(HttpContext Context, byte[] Body)
{
    private const int BodyLengthMax = 64 * 1024;

    // The one character that JSON can say and PostgreSQL cannot keep.
    private static ReadOnlySpan<byte> NulEscape => "\\u0000"u8;

    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>Where payers pay; a payment's id is added to it.</summary>
    public string PayUrl => $"{Context.Request.Scheme}://{Context.Request.Host}/sandbox/pay/";

    /// <summary>Where a file lies of which the channel has told.</summary>
    public string FileUrl(string token) =>
        $"{Context.Request.Scheme}://{Context.Request.Host}/sandbox/v3/billdownload/file?token={token}";

    public string Route(string name) => (string)Context.Request.RouteValues[name]!;

    public string Query(string name) => Context.Request.Query[name].ToString();

    /// <summary>Reads the message and answers with what comes of it; what is no such message is refused.</summary>
    public async Task<IResult> Carry<T>(Func<T, Task<Outcome>> work) where T : class => Answer(
        SandboxJson.Read<T>(Body) is { } message && Body.AsSpan().IndexOf(NulEscape) < 0
            ? await work(message)
            : Outcome.Refused("message_invalid", "This is no message that this endpoint takes."));

    /// <summary>An endpoint for signed requests only.</summary>
    public static RequestDelegate Only(
        SandboxSettings settings, TimeProvider system, Func<SignedRequest, Task<IResult>> handle) => async context =>
        {
            var body = await ReadBody(context.Request);
            var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            var isGenuine = body is not null && SandboxSignature.IsGenuineRequest(
                settings.Secret, context.Request.Headers.Authorization, context.Request.Method, target, body,
                system.GetUtcNow());
            var result = isGenuine
                ? await handle(new(context, body!))
                : TypedResults.Problem("The signature is missing, wrong or too old.", statusCode: 401);
            await result.ExecuteAsync(context);
        };

    public static IResult Answer(Outcome outcome) => outcome.IsSilent
        ? new Silence()
        : new Spoken(outcome.Result);

    private static async Task<byte[]?> ReadBody(HttpRequest request)
    {
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            if (body.Length + read > BodyLengthMax)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private sealed class Spoken(SandboxResult result) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = (int)(result.State switch
            {
                "refused" => HttpStatusCode.UnprocessableEntity,
                "not_found" => HttpStatusCode.NotFound,
                _ => HttpStatusCode.OK,
            });
            httpContext.Response.ContentType = "application/json";
            await httpContext.Response.Body.WriteAsync(SandboxJson.Write(result), httpContext.RequestAborted);
        }
    }

    /// <summary>Says nothing until the client gives up, or the server stops; and then breaks the connection.</summary>
    private sealed class Silence : IResult
    {
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var lifetime = (IHostApplicationLifetime)httpContext.RequestServices.GetService(
                typeof(IHostApplicationLifetime))!;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                httpContext.RequestAborted, lifetime.ApplicationStopping);
            await Task.Delay(Longest, TimeProvider.System, end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            httpContext.Abort();
        }
    }
}
