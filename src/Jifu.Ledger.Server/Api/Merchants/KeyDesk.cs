using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Server.Api.Admission;

namespace Jifu.Ledger.Server.Api.Merchants;

using Handled = Handled<Merchant, MerchantEvent, MerchantRejection>;

/// <summary>Gives merchants keys and takes them away: the event first, which decides, then the key ring.</summary>
/// <remarks>When the second step fails, an added key signs nothing and is to be revoked; a revocation is to be
/// repeated. Neither leaves a key that signs and that no event knows.</remarks>
internal sealed class KeyDesk(MerchantDesk merchants, KeyRing ring, IdSource ids, TimeProvider time)
{
    /// <summary>Makes a secret that both sides hold. It is told this once.</summary>
    public async Task<(Handled Handled, string KeyId, byte[] Secret)> AddSecret(
        MerchantId merchant, EventMetadata metadata, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var keyId = $"mk_{ids.Next():N}";
        return (await Add(merchant, keyId, KeyAlgorithm.HmacSha256, secret, metadata, cancellation), keyId, secret);
    }

    /// <summary>Registers a merchant's RSA key. The same key again is the same key id, and quiet.</summary>
    public async Task<(Handled Handled, string KeyId)> AddPublicKey(
        MerchantId merchant, byte[] publicKey, EventMetadata metadata, CancellationToken cancellation)
    {
        var name = SHA256.HashData([.. Encoding.UTF8.GetBytes($"{merchant}\n"), .. publicKey]);
        var keyId = $"mk_{Convert.ToHexStringLower(name.AsSpan(0, 16))}";
        return (await Add(merchant, keyId, KeyAlgorithm.RsaSha256, publicKey, metadata, cancellation), keyId);
    }

    public async Task<Handled> Revoke(
        MerchantId merchant, string keyId, EventMetadata metadata, CancellationToken cancellation)
    {
        var handled = await merchants.Handle(
            merchant, new MerchantCommand.RevokeKey(keyId, time.GetUtcNow()), metadata, cancellation);
        if (handled.Rejection is null)
            await ring.Revoke(keyId, cancellation);
        return handled;
    }

    private async Task<Handled> Add(
        MerchantId merchant, string keyId, KeyAlgorithm algorithm, byte[] material, EventMetadata metadata,
        CancellationToken cancellation)
    {
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(material));
        var handled = await merchants.Handle(
            merchant, new MerchantCommand.AddKey(keyId, algorithm, fingerprint, time.GetUtcNow()), metadata,
            cancellation);
        if (handled.Rejection is null)
            await ring.Add(
                new(keyId, Role.Merchant, merchant), algorithm, material, metadata.Actor, null, cancellation);
        return handled;
    }
}
