using System.Security.Cryptography;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>A key that requests are signed with, as far as it takes to check them.</summary>
/// <param name="Material">The secret, or the public key as SubjectPublicKeyInfo.</param>
internal sealed record ApiKey(Caller Caller, KeyAlgorithm Algorithm, byte[] Material, bool Revoked)
{
    /// <summary>True when the signature is this key's over the text. HMACs are compared in fixed time.</summary>
    public bool Signed(ReadOnlySpan<byte> text, SignedHeader header)
    {
        if (header.Algorithm != Algorithm)
            return false;
        if (Algorithm == KeyAlgorithm.HmacSha256)
            return CryptographicOperations.FixedTimeEquals(
                HMACSHA256.HashData(Material, text), header.Signature.Span);
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Material, out _);
        return rsa.VerifyData(text, header.Signature.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}

/// <summary>An RSA public key that a merchant hands us.</summary>
internal static class PublicKey
{
    private const int BitsMin = 2048;
    private const int BitsMax = 8192;

    /// <summary>Reads a PEM that begins <c>-----BEGIN PUBLIC KEY-----</c>.</summary>
    /// <returns>Its SubjectPublicKeyInfo; null when it is none, or not of 2048 to 8192 bits.</returns>
    public static byte[]? Read(string pem)
    {
        try
        {
            // A private key must not come here; that it is refused tells its owner before we have kept it.
            if (!PemEncoding.TryFind(pem, out var fields) || pem.AsSpan()[fields.Label] is not "PUBLIC KEY")
                return null;
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.KeySize is >= BitsMin and <= BitsMax ? rsa.ExportSubjectPublicKeyInfo() : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
