using System.Text;

namespace Jifu.Ledger.Server.Api.Idempotency;

/// <summary>Marks an endpoint that needs an Idempotency-Key.</summary>
internal sealed record Idempotent;

/// <summary>How endpoints ask for an Idempotency-Key, and how the header is read.</summary>
internal static class IdempotencyMetadata
{
    public const string Header = "Idempotency-Key";
    private const int LengthMax = 255;

    /// <summary>The endpoint needs an Idempotency-Key; its first answer is kept and given again to a repeat.</summary>
    public static TBuilder Idempotent<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Idempotent());

    /// <summary>The key in a header's value, quoted (RFC 8941) or bare; null when it is neither.</summary>
    public static string? KeyIn(string value)
    {
        var text = value.Trim(' ');
        var key = text is ['"', .. var inner, '"'] ? Unquoted(inner) : Bare(text);
        return key is { Length: > 0 and <= LengthMax } && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : null;
    }

    private static string? Bare(string text) => text.Contains('"', StringComparison.Ordinal) ? null : text;

    private static string? Unquoted(string inner)
    {
        var key = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"' || (inner[i] == '\\' && (++i == inner.Length || inner[i] is not ('"' or '\\'))))
                return null;
            key.Append(inner[i]);
        }

        return key.ToString();
    }
}
