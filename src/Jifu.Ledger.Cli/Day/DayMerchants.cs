using System.Security.Cryptography;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Cli.Day;

/// <summary>Registers the merchants of the play, and keeps their keys in the home folder as merchants would.</summary>
internal sealed class DayMerchants(HomeFiles home, ApiClient asOperator)
{
    private const string KeysFile = "day-keys.json";

    // A payer may want back what a T+0 run has just paid out: 100,000.00.
    private const long OverdraftLimit = 10_000_000;

    /// <summary>A client for each merchant, signing with the merchant's own key.</summary>
    public async Task<IReadOnlyDictionary<string, ApiClient>> Open(CancellationToken cancellation)
    {
        var keys = home.Read<Dictionary<string, KeptKey>>(KeysFile) ?? [];
        var clients = new Dictionary<string, ApiClient>(StringComparer.Ordinal);
        foreach (var merchant in DayPlan.Merchants)
        {
            var live = await Register(merchant, cancellation);
            if (!keys.TryGetValue(merchant.Id, out var key) || !live.Contains(key.KeyId))
            {
                keys[merchant.Id] = key = await MakeKey(merchant, live, cancellation);
                home.Write(KeysFile, keys);
            }

            clients.Add(merchant.Id, asOperator.With(key.Signer()));
        }

        return clients;
    }

    private async Task<IReadOnlyList<string>> Register(PlayedMerchant merchant, CancellationToken cancellation)
    {
        var reply = await asOperator.Post("/v1/merchants", new
        {
            merchant_id = merchant.Id,
            name = merchant.Name,
            payout_account = $"account-of-{merchant.Id}",
            settlement_term = merchant.Term,
            fee_plan = new
            {
                on_refund = "returned",
                rates = new[] { new { channel = "sandbox", rate_ppm = merchant.RatePpm } },
            },
            split_rules = merchant.SplitPpm == 0
                ? null
                : new[] { new { receiver = "day-agent", rate_ppm = merchant.SplitPpm } },
        }, null, cancellation);
        var keys = reply.Must($"register {merchant.Id}")["keys"]!.AsArray()
            .Where(key => key!["live"]!.GetValue<bool>()).Select(key => key!["key_id"]!.GetValue<string>()).ToList();
        (await asOperator.Put(
            $"/v1/merchants/{merchant.Id}/overdraft-limit",
            new { amount = OverdraftLimit, currency = "CNY", reason = "a day's refunds" }, cancellation))
            .Must($"agree on a limit with {merchant.Id}");
        return keys;
    }

    // A merchant has two live keys at most: those whose secrets were lost make room.
    private async Task<KeptKey> MakeKey(
        PlayedMerchant merchant, IReadOnlyList<string> live, CancellationToken cancellation)
    {
        foreach (var lost in live)
            (await asOperator.Delete($"/v1/merchants/{merchant.Id}/keys/{lost}", cancellation)).Must($"revoke {lost}");
        if (!merchant.SignsByRsa)
        {
            var made = (await asOperator.Post(
                $"/v1/merchants/{merchant.Id}/keys", new { algorithm = "hmac_sha256" }, null, cancellation))
                .Must($"make a key for {merchant.Id}");
            return new(made["key_id"]!.GetValue<string>(), made["secret"]!.GetValue<string>(), null);
        }

        using var rsa = RSA.Create(2048);
        var registered = (await asOperator.Post(
            $"/v1/merchants/{merchant.Id}/keys",
            new { algorithm = "rsa_sha256", public_key = rsa.ExportSubjectPublicKeyInfoPem() }, null, cancellation))
            .Must($"register a key of {merchant.Id}");
        return new(registered["key_id"]!.GetValue<string>(), null, rsa.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A merchant's key as it is kept: a secret in Base64, or a private key as PEM.</summary>
    private sealed record KeptKey(string KeyId, string? Secret, string? PrivateKey)
    {
        public RequestSigner Signer()
        {
            if (Secret is not null)
                return RequestSigner.Hmac(KeyId, Convert.FromBase64String(Secret), TimeProvider.System);
            var rsa = RSA.Create();
            rsa.ImportFromPem(PrivateKey);
            return RequestSigner.Rsa(KeyId, rsa, TimeProvider.System);
        }
    }
}
