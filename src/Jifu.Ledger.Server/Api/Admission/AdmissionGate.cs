using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Lets a request under /v1 in when it is signed by a known key, now, for the first time, and when the
/// endpoint admits the key's role.</summary>
internal sealed class AdmissionGate(RequestDelegate next, KeyRing ring, Nonces nonces)
{
    /// <summary>How far a time stamp may be from our clock, either way.</summary>
    private const int WindowSeconds = 300;

    public async Task InvokeAsync(HttpContext context)
    {
        // What is no route is nothing to be let into: routing's own answer of 404 or 405.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || !context.Request.Path.StartsWithSegments("/v1")
            || endpoint.Metadata.GetMetadata<AdmittedUnsigned>() is not null)
        {
            await next(context);
            return;
        }

        CallerPatience.Begin();
        var (caller, problem) = await WhoSigned(context);
        var roles = endpoint.Metadata.GetMetadata<Admitted>()?.Roles ?? [];
        if (caller is not null && !roles.Contains(caller.Role))
            problem = new("role_not_admitted", $"{caller.KeyId} is a key of role {SnakeCase.Of($"{caller.Role}")}.");
        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        context.Features.Set(caller);
        if (!PatienceGate.IsAskedInPassing(endpoint))
            CallerPatience.End();
        await next(context);
    }

    private async Task<(Caller? Caller, Problem? Problem)> WhoSigned(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not [{ } authorization])
            return (null, new("signature_missing", "Send one Authorization header."));
        if (!SignedHeader.TryParse(authorization, out var header))
            return (null, new("signature_malformed",
                "Send JIFU1-HMAC-SHA256 or JIFU1-RSA-SHA256 with key_id, ts, nonce (16-64 characters), signature."));
        if (await ring.Find(header.KeyId, context.RequestAborted) is not { } key)
            return (null, new("key_unknown", header.KeyId));
        if (key.Revoked)
            return (null, new("key_revoked", header.KeyId));

        if (OutsideWindow(header) is { } late)
            return (null, new("timestamp_outside_window", late));
        var body = await RawBody.Of(context);
        var text = RequestSigner.TextToSign(
            context.Request.Method, TargetOf(context), header.UnixSeconds, header.Nonce, body.Span);
        if (!key.Signed(text, header))
            return (null, new("signature_wrong",
                "Sign METHOD, path?query, ts, nonce and body, each ended by one line feed."));
        return await IsFirst(context, header)
            ? (key.Caller, null)
            : (null, new("nonce_reused", header.Nonce));
    }

    // A database that takes no writes takes no nonce. Who only reads is let in all the same: a read that is repeated
    // moves nothing, and people must be able to look at what is there.
    private async Task<bool> IsFirst(HttpContext context, SignedHeader header)
    {
        try
        {
            return await nonces.Use(header.KeyId, header.Nonce, context.RequestAborted);
        }
        catch (PostgresException e)
            when (e.IsOfWritesOnly() && HttpMethods.IsGet(context.Request.Method))
        {
            return true;
        }
    }

    /// <summary>How the time stamp is too old or too new, by the real clock, also where the sandbox plays another day;
    /// null when it will do.</summary>
    public static string? OutsideWindow(SignedHeader header)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return header.UnixSeconds < now - WindowSeconds || header.UnixSeconds > now + WindowSeconds
            ? FormattableString.Invariant($"It is {now} here, the request says {header.UnixSeconds}.")
            : null;
    }

    // As it came over the wire: nothing decoded, nothing sorted.
    private static string TargetOf(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
}
