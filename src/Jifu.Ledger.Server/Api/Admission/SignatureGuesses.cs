using System.Text;
using System.Text.Json;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>The mistakes that people make when they sign, tried one by one until one explains the signature.</summary>
internal static class SignatureGuesses
{
    public static IEnumerable<SignatureDifference> For(
        SignatureQuestion question, SignedHeader header, ApiKey key, HttpRequest request)
    {
        var text = SignatureTool.TextOf(question, header);
        if (key.Algorithm == KeyAlgorithm.HmacSha256)
        {
            // The secret is shown as Base64, and its text is not what it means.
            var undecoded = key with { Material = Encoding.ASCII.GetBytes(Convert.ToBase64String(key.Material)) };
            if (undecoded.Signed(Encoding.UTF8.GetBytes(text), header))
                yield return new("key", "The secret was used as text: decode it from Base64 first.");
        }

        foreach (var (part, detail, guess) in Texts(question, header, text, request))
        {
            if (guess != text && key.Signed(Encoding.UTF8.GetBytes(guess), header))
                yield return new(part, detail);
        }
    }

    private static IEnumerable<(string Part, string Detail, string Guess)> Texts(
        SignatureQuestion q, SignedHeader header, string text, HttpRequest request)
    {
        yield return ("line_feeds", "The last line feed is missing.", text[..^1]);
        yield return ("line_feeds", "Lines end with CR LF: LF only.",
            text.Replace("\n", "\r\n", StringComparison.Ordinal));
        yield return ("method", "The method was signed in small letters.",
            With(q with { Method = q.Method.ToLowerInvariant() }));
        yield return ("target", "The query was left out.", With(q with { Target = q.Target.Split('?')[0] }));
        yield return ("target", "Percent signs were decoded: sign the target as it is sent.",
            With(q with { Target = Uri.UnescapeDataString(q.Target) }));
        yield return ("target", "Scheme and host were signed too: sign path and query only.",
            With(q with { Target = $"{request.Scheme}://{request.Host}{q.Target}" }));
        yield return ("body", "The body was left out.", With(q with { Body = "" }));
        yield return ("body", "White space around the body differs.", With(q with { Body = q.Body.Trim() }));
        if (Compact(q.Body) is { } compact)
            yield return ("body", "The JSON was written anew after signing: sign the bytes that are sent.",
                With(q with { Body = compact }));

        string With(SignatureQuestion other) => SignatureTool.TextOf(other, header);
    }

    private static string? Compact(string body)
    {
        try
        {
            return JsonSerializer.Serialize(JsonDocument.Parse(body).RootElement, Json.ApiJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
