using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Seals secrets for the database with the master key (AES-256-GCM). A sealed secret opens only under the
/// name of its own key, so that nobody can move one to another row.</summary>
/// <remarks>Laid out as nonce (12 bytes), tag (16 bytes), cipher text.</remarks>
internal sealed class SealedSecrets(HomeFolder home)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _masterKey = home.MasterKey();

    public byte[] Seal(string keyId, ReadOnlySpan<byte> secret)
    {
        var box = new byte[NonceBytes + TagBytes + secret.Length];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_masterKey, TagBytes);
        cipher.Encrypt(
            nonce, secret, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(keyId));
        return box;
    }

    /// <exception cref="CryptographicException">Another master key sealed it, or it was changed.</exception>
    public byte[] Open(string keyId, ReadOnlySpan<byte> box)
    {
        var secret = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_masterKey, TagBytes);
        cipher.Decrypt(
            box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), secret,
            Encoding.UTF8.GetBytes(keyId));
        return secret;
    }
}
