using Jifu.Ledger.EventLog;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>The first keys of all: whoever may read the home folder is the operator. The auditor's file is made to be
/// handed out: its key reads everything and changes nothing.</summary>
internal sealed class OperatorKeys(HomeFolder home, KeyRing ring, IdSource ids)
{
    /// <summary>Makes the keys at first start. Later, and with another database, the files' keys are made known
    /// again.</summary>
    public async Task Ensure(CancellationToken cancellation)
    {
        await Ensure(Role.Operator, "op", home.ReadOperatorKey(), home.WriteOperatorKey, cancellation);
        await Ensure(Role.Auditor, "au", home.ReadAuditorKey(), home.WriteAuditorKey, cancellation);
    }

    private async Task Ensure(
        Role role, string prefix, OperatorKey? key, Action<OperatorKey> write, CancellationToken cancellation)
    {
        if (key is null)
        {
            var secret = Convert.ToBase64String(NewSecret.Make());
            key = new($"{prefix}_{ids.Next():N}", "hmac_sha256", secret);
            write(key);
        }

        await ring.Add(
            new(key.KeyId, role, null), KeyAlgorithm.HmacSha256, Convert.FromBase64String(key.Secret),
            KeyRing.FirstKeys, null, cancellation);
    }
}
