using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations;
using Jifu.Ledger.ReadModels;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Problems;

/// <summary>The outermost door: whatever fails leaves as a problem with a code, never as a stack trace.</summary>
internal sealed partial class ProblemGate(RequestDelegate next, ILogger<ProblemGate> logger)
{
    // What Linux calls ENOSPC and EDQUOT.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && Empty(context) is { } problem)
                await problem.ExecuteAsync(context);
        }
        catch (Exception e) when (e is ConnectionResetException
            || (e is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // Nobody is there to read an answer.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Told(e, context).ExecuteAsync(context);
        }
    }

    // What routing and binding answer with a bare status.
    private static Problem? Empty(HttpContext context) =>
        context.Response is { ContentLength: null or 0, ContentType: null, StatusCode: >= 400 and var status }
            ? status switch
            {
                404 => new("not_found", $"{context.Request.Method} {context.Request.Path}"),
                405 => new("method_not_allowed", $"{context.Request.Method} {context.Request.Path}"),
                413 => new("body_too_large", "At most 1 MiB."),
                415 => new("media_type_unsupported", "Send Content-Type: application/json."),
                400 => new("parameter_invalid", $"{context.Request.Path}{context.Request.QueryString}"),
                _ => null,
            }
            : null;

    private Problem Told(Exception e, HttpContext context)
    {
        switch (e)
        {
            case AggregateException { InnerExceptions: [var first, ..] }:
                return Told(first, context);
            case EventLogOverloadedException:
                return new("overloaded", "Nothing was written.");
            case PostgresException { SqlState: PostgresErrorCodes.DiskFull }:
            case IOException { HResult: NoSpaceLeft or QuotaExceeded }:
                Unavailable(logger, context.Request.Method, context.Request.Path, e.Message);
                return new("storage_full", Done(context)) { RetryAfterSeconds = 2 };
            case UnknownEventTypeException or InvalidDataException:
            case PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted }:
                Broken(logger, e, context.Request.Method, context.Request.Path, Problem.TraceIdOf(context));
                return new("record_unreadable", e.Message);
            case StreamContendedException or EventLogUnavailableException:
            case NpgsqlException trouble when trouble.Passes():
                Unavailable(logger, context.Request.Method, context.Request.Path, e.Message);
                return new("unavailable", Done(context)) { RetryAfterSeconds = 2 };
            case BadHttpRequestException { StatusCode: 413 }:
                return new("body_too_large", "At most 1 MiB.");
            case BadHttpRequestException { StatusCode: 415 }:
                return new("media_type_unsupported", "Send Content-Type: application/json.");
            case BadHttpRequestException bad:
                return new("request_malformed", bad.Message);
            default:
                Broken(logger, e, context.Request.Method, context.Request.Path, Problem.TraceIdOf(context));
                return new("internal_error", "It was written down with this trace_id.");
        }
    }

    // What came before it, under the same Idempotency-Key, may have done something all the same.
    private static string Done(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || context.Features.Get<Entry>() is null
            ? "This request has done nothing."
            : "Whether it was done is unknown.";

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: unavailable: {Reason}")]
    private static partial void Unavailable(ILogger logger, string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} broke, trace_id {TraceId}")]
    private static partial void Broken(ILogger logger, Exception e, string method, string path, string traceId);
}

/// <summary>Stands at a request that has passed all doors: from then on something may be done for it.</summary>
internal sealed class Entry;
