using System.Security.Cryptography;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>The first key of all: whoever may read the home folder is the operator.</summary>
internal sealed class OperatorKeys(HomeFolder home, KeyRing ring, IdSource ids)
{
    /// <summary>Makes the key at first start. Later, and with another database, the file's key is made known again.
    /// </summary>
    public async Task Ensure(CancellationToken cancellation)
    {
        var key = home.ReadOperatorKey();
        if (key is null)
        {
            var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            key = new($"op_{ids.Next():N}", "hmac_sha256", secret);
            home.WriteOperatorKey(key);
        }

        await ring.Add(
            new(key.KeyId, Role.Operator, null), KeyAlgorithm.HmacSha256, Convert.FromBase64String(key.Secret),
            cancellation);
    }
}
