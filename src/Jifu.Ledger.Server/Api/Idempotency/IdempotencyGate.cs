using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Idempotency;

/// <summary>Carries a request with an Idempotency-Key out once, and gives its answer again to every repeat.</summary>
internal sealed partial class IdempotencyGate(RequestDelegate next, AnswerBook book, ILogger<IdempotencyGate> logger)
{
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Idempotent>() is null)
        {
            await next(context);
            return;
        }

        var headers = context.Request.Headers[IdempotencyMetadata.Header];
        if (headers is not [{ } header])
            await new Problem("idempotency_key_missing", "Send one Idempotency-Key header.").ExecuteAsync(context);
        else if (IdempotencyMetadata.KeyIn(header) is { } key)
            await Once(context, key);
        else
            await new Problem("idempotency_key_malformed", "1 to 255 visible ASCII characters, quoted or bare.")
                .ExecuteAsync(context);
    }

    private async Task Once(HttpContext context, string key)
    {
        var claim = await book.Take(
            Caller.Of(context).Scope, key, await FingerprintOf(context), context.RequestAborted);
        switch (claim)
        {
            case Claim.Granted granted:
                await CarryOut(context, granted.Key);
                break;
            case Claim.Answered(var answer):
                context.Response.Headers["Idempotent-Replayed"] = "true";
                await Send(context.Response, answer);
                break;
            case Claim.UnderWay:
                await new Problem("request_in_progress", "Ask again with the same key.").ExecuteAsync(context);
                break;
            default:
                await new Problem("idempotency_key_reused", "The first request with it had another body or address.")
                    .ExecuteAsync(context);
                break;
        }
    }

    private async Task CarryOut(HttpContext context, ClaimedKey key)
    {
        var response = context.Response;
        var wire = response.Body;
        using var written = new MemoryStream();
        response.Body = written;
        var finished = false;
        try
        {
            await next(context);
            finished = true;
        }
        finally
        {
            response.Body = wire;
            if (!finished)
                await Settle(book.Release(key));
        }

        var answer = new KeptAnswer(
            (short)response.StatusCode, response.ContentType, response.Headers.Location, written.ToArray());
        await Settle(IsFinal(answer.Status) ? book.Write(key, answer) : book.Release(key));
        response.ContentLength = answer.Body.Length;

        // Done is done, however long it took: nothing but the client's going away keeps it from being told.
        await wire.WriteAsync(answer.Body);
    }

    // Done, or refused by a rule of the business. A request that could not be read may be sent again, put right.
    private static bool IsFinal(int status) => status is (>= 200 and < 300) or 409 or 422;

    // The command is done either way: an answer that could not be kept is made again by the command itself. So nobody
    // waits long for it; what takes longer goes on by itself.
    private async Task Settle(Task bookkeeping)
    {
        try
        {
            await bookkeeping.WaitAsync(SettleMax, TimeProvider.System);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            NotKept(logger, e.Message);
        }
    }

    private static async Task Send(HttpResponse response, KeptAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        if (answer.Location is not null)
            response.Headers.Location = answer.Location;
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body);
    }

    private static async Task<byte[]> FingerprintOf(HttpContext context)
    {
        var request = context.Request;
        var head = Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}\n");
        var body = await RawBody.Of(context);
        return SHA256.HashData([.. head, .. body.Span]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer to an Idempotency-Key was not kept: {Reason}")]
    private static partial void NotKept(ILogger logger, string reason);
}
