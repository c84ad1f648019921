using System.Text;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>A request that somebody signed, told as text.</summary>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="Authorization">The header's whole value.</param>
/// <param name="Body">The body's text; absent for none.</param>
/// <param name="StringToSign">What the client signed, to be compared part by part; absent to let us guess.</param>
internal sealed record SignatureQuestion(
    string Method, string Target, string Authorization, string Body = "", string? StringToSign = null);

/// <summary>One part that differs.</summary>
/// <param name="Part"><c>method</c>, <c>target</c>, <c>ts</c>, <c>nonce</c>, <c>body</c>, <c>line_feeds</c> or
/// <c>key</c>.</param>
internal sealed record SignatureDifference(string Part, string Detail);

/// <summary>Whether the signature is right and, when it is not, what we would have signed.</summary>
internal sealed record SignatureVerdict(
    bool Verified, string StringToSign, IReadOnlyList<SignatureDifference> Differences);

/// <summary>Tells whoever writes a client which part of what they signed differs from what we see. For the sandbox
/// only; it tells no secret.</summary>
internal static class SignatureTool
{
    private static readonly string[] Parts = ["method", "target", "ts", "nonce", "body"];

    public static void MapSignatureTool(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/tools/verify-signature", Verify).AdmitsUnsigned().WithTags("Tools 工具")
            .WithSummary("Which part of a signature differs 验签调试").Produces<SignatureVerdict>();

    private static async Task<IResult> Verify(
        JsonBody<SignatureQuestion> body, KeyRing ring, HttpContext context, CancellationToken cancellation)
    {
        var question = body.Value;
        if (!SignedHeader.TryParse(question.Authorization, out var header))
            return new Problem("signature_malformed", "See authorization.");
        if (await ring.Find(header.KeyId, cancellation) is not { } key)
            return new Problem("key_unknown", header.KeyId);
        var text = TextOf(question, header);
        var verified = key.Signed(Encoding.UTF8.GetBytes(text), header);
        var differences = new List<SignatureDifference>();
        if (key.Revoked)
            differences.Add(new("key", "The key was revoked."));
        if (key.Algorithm != header.Algorithm)
            differences.Add(new("key", $"The key is one for {SnakeCase.Of($"{key.Algorithm}")}."));
        if (AdmissionGate.OutsideWindow(header) is { } late)
            differences.Add(new("ts", late));
        if (question.StringToSign is { } signed)
            differences.AddRange(Compared(text, signed));
        else if (!verified)
            differences.AddRange(SignatureGuesses.For(question, header, key, context.Request).Take(1));
        return Results.Ok(new SignatureVerdict(verified, text, differences));
    }

    public static string TextOf(SignatureQuestion question, SignedHeader header) =>
        Encoding.UTF8.GetString(RequestSigner.TextToSign(
            question.Method, question.Target, header.UnixSeconds, header.Nonce,
            Encoding.UTF8.GetBytes(question.Body)));

    private static IEnumerable<SignatureDifference> Compared(string ours, string theirs)
    {
        var (left, right) = (ours.Split('\n', Parts.Length), theirs.Split('\n', Parts.Length));
        if (right.Length < Parts.Length || !theirs.EndsWith('\n') || theirs.Contains("\r\n", StringComparison.Ordinal))
            yield return new("line_feeds", "Each of the five parts ends with one line feed (\\n), also the last.");
        foreach (var ((part, our), their) in Parts.Zip(left).Zip(right))
        {
            if (our.TrimEnd('\n') != their.TrimEnd('\n', '\r'))
                yield return new(part, $"We have {our.TrimEnd('\n')}");
        }
    }
}
