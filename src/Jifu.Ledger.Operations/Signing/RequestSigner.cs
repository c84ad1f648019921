using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Merchants;

namespace Jifu.Ledger.Operations.Signing;

/// <summary>Signs requests to the API with one key, as the server's admission checks them.</summary>
/// <remarks>An RSA signer is used by one thread at a time, as the key it holds.</remarks>
public sealed class RequestSigner
{
    private readonly string _keyId;
    private readonly KeyAlgorithm _algorithm;
    private readonly TimeProvider _time;
    private readonly Func<byte[], byte[]> _sign;

    private RequestSigner(string keyId, KeyAlgorithm algorithm, TimeProvider time, Func<byte[], byte[]> sign) =>
        (_keyId, _algorithm, _time, _sign) = (keyId, algorithm, time, sign);

    /// <param name="keyId">The key's public name.</param>
    /// <param name="secret">The secret's bytes, that is, decoded from Base64.</param>
    /// <param name="time">The real clock: the server lets in what was signed within 300 seconds of its own.</param>
    public static RequestSigner Hmac(string keyId, byte[] secret, TimeProvider time) =>
        new(keyId, KeyAlgorithm.HmacSha256, time, text => HMACSHA256.HashData(secret, text));

    /// <summary>The same with an RSA private key, by PKCS#1 v1.5.</summary>
    public static RequestSigner Rsa(string keyId, RSA privateKey, TimeProvider time) =>
        new(keyId, KeyAlgorithm.RsaSha256, time, text => privateKey.SignData(
            text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>The value of the <c>Authorization</c> header for one request; a repeat needs a new one.</summary>
    /// <param name="method">In capitals: <c>POST</c>.</param>
    /// <param name="target">Path and query as they are sent: <c>/v1/payments?limit=10</c>.</param>
    /// <param name="body">The exact bytes of the body; none for a GET.</param>
    public string Header(string method, string target, ReadOnlySpan<byte> body)
    {
        var seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var signature = _sign(TextToSign(method, target, seconds, nonce, body));
        return new SignedHeader(_algorithm, _keyId, seconds, nonce, signature).ToString();
    }

    /// <summary>The bytes that are signed: METHOD, path and query, Unix seconds, nonce and body, each followed by one
    /// line feed.</summary>
    public static byte[] TextToSign(
        string method, string target, long unixSeconds, string nonce, ReadOnlySpan<byte> body)
    {
        var seconds = unixSeconds.ToString(CultureInfo.InvariantCulture);
        return [.. Encoding.UTF8.GetBytes($"{method}\n{target}\n{seconds}\n{nonce}\n"), .. body, (byte)'\n'];
    }
}
