using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>Signs notices as Standard Webhooks 1.0.0 says, so that merchants verify them with a library they
/// have.</summary>
public static class NoticeSignature
{
    /// <summary>What the text of a secret begins with; the rest is base64.</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytesMin = 24;
    private const int SecretBytesMax = 64;

    /// <summary>The value of <c>webhook-signature</c>: <c>v1,</c> and the base64 of HMAC-SHA256 over
    /// <c>id.timestamp.body</c>.</summary>
    /// <param name="secret">The bytes behind the merchant's secret, not its text.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="unixSeconds">The value of <c>webhook-timestamp</c>.</param>
    /// <param name="body">Exactly the bytes that are sent.</param>
    public static string Of(ReadOnlySpan<byte> secret, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}."));
        byte[] signed = [.. head, .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}";
    }

    /// <summary>A secret as merchants are shown it: <c>whsec_…</c>.</summary>
    public static string Text(ReadOnlySpan<byte> secret) => SecretPrefix + Convert.ToBase64String(secret);

    /// <summary>Reads a secret's text; false unless it is <c>whsec_</c> and the base64 of 24 to 64 bytes.</summary>
    public static bool TryParse(string? text, out byte[] secret)
    {
        secret = [];
        if (text?.StartsWith(SecretPrefix, StringComparison.Ordinal) != true)
            return false;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[SecretPrefix.Length..], bytes, out var length)
            || length is < SecretBytesMin or > SecretBytesMax)
            return false;
        secret = bytes[..length];
        return true;
    }
}
