using System.Diagnostics;
using System.Text.Json;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Server.Api.Json;

namespace Jifu.Ledger.Server.Api.Problems;

/// <summary>One thing wrong with one field.</summary>
/// <param name="Path">Where, as JSON path: <c>$.amount</c>.</param>
/// <param name="Code">Stable; programs compare it.</param>
/// <param name="Detail">What is wrong, for people.</param>
internal sealed record FieldError(string Path, string Code, string Detail);

/// <summary>A problem as RFC 9457 writes it.</summary>
/// <param name="Type">Where this server explains the code.</param>
/// <param name="Code">Stable; programs compare it.</param>
/// <param name="Retryable">True when the same request may do better later.</param>
/// <param name="Errors">The fields that are wrong, for a request that could not be read.</param>
/// <param name="Amounts">The two amounts, for one that is refused because they are not the same.</param>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Code, string TraceId, bool Retryable,
    IReadOnlyList<FieldError>? Errors = null, AmountsApart? Amounts = null);

/// <summary>An answer that says why something was not done.</summary>
internal sealed class Problem(string code, string detail, IReadOnlyList<FieldError>? errors = null) : IResult
{
    public string Code => code;

    /// <summary>For 503 and for a request under way: when to ask again.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    private AmountsApart? Amounts { get; init; }

    public static Problem Of(Refusal refusal) => new(refusal.Code, refusal.Detail) { Amounts = refusal.Amounts };

    /// <summary>A refusal by its enum: <c>Problem.Of(MerchantRejection.KeyNotFound, "…")</c>.</summary>
    public static Problem Of<TRejection>(TRejection rejection, string detail) where TRejection : struct, Enum =>
        Of(Refusal.Of(rejection, detail));

    /// <summary>What is wrong with the fields of a request; the first error lends its code to the whole.</summary>
    public static Problem Of(IReadOnlyList<FieldError> errors) =>
        new(errors[0].Code, string.Join("; ", errors.Select(error => $"{error.Path}: {error.Detail}")), errors);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var entry = ProblemTable.Of(code);
        var response = httpContext.Response;
        response.StatusCode = entry.Status;
        response.ContentType = "application/problem+json";
        if (entry.Retryable)
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (entry.Status == 401)
            response.Headers.WWWAuthenticate = "JIFU1-RSA-SHA256, JIFU1-HMAC-SHA256";
        var body = new ProblemBody(
            $"/docs/errors/{code}", entry.Title, entry.Status, $"{entry.Chinese}。{detail}", code,
            TraceIdOf(httpContext), entry.Retryable, errors, Amounts);
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options));
    }

    /// <summary>What ties an answer to the log lines and events that came of its request.</summary>
    public static string TraceIdOf(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
