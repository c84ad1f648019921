using Jifu.Ledger.Merchants;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Server.Api.Merchants;

/// <summary>A merchant's terms and keys as they stand.</summary>
internal sealed record MerchantView(
    string MerchantId, string Name, string PayoutAccount, SettlementTerm SettlementTerm, FeePlanJson FeePlan,
    IReadOnlyList<SplitRuleJson> SplitRules, RiskLimitsJson RiskLimits, IReadOnlyList<KeyView> Keys,
    IReadOnlyList<ChannelNumbersJson> ChannelNumbers)
{
    public static MerchantView Of(MerchantId id, Merchant.Active merchant) => new(
        id.Value, merchant.Name, merchant.PayoutAccount, merchant.Term, FeePlanJson.Of(merchant.Plan),
        [.. merchant.Split.Select(SplitRuleJson.Of)], RiskLimitsJson.Of(merchant.Limits),
        [.. merchant.Keys.Select(key => KeyView.Of(key.Key, key.Value))],
        [.. merchant.Numbers.Where(one => one.Value.Count > 0).Select(one => new ChannelNumbersJson(
            one.Key, one.Value))]);
}

/// <summary>A key without its secret.</summary>
/// <param name="Fingerprint">SHA-256 of the secret or of the public key, in hexadecimal.</param>
internal sealed record KeyView(string KeyId, KeyAlgorithm Algorithm, string Fingerprint, bool Live)
{
    public static KeyView Of(string keyId, MerchantKey key) => new(keyId, key.Algorithm, key.Fingerprint, key.Live);
}

/// <summary>A merchant in a list.</summary>
internal sealed record MerchantLine(
    string MerchantId, string Name, string SettlementTerm, DateTimeOffset RegisteredAt);
