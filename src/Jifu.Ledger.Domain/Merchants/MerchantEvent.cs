using Jifu.Ledger.Fees;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Merchants;

/// <summary>How a key signs (验签算法).</summary>
public enum KeyAlgorithm
{
    None = 0,

    /// <summary>RSA PKCS#1 v1.5 with SHA-256: the merchant holds the private key, we hold the public one.</summary>
    RsaSha256,

    /// <summary>HMAC with SHA-256: both sides hold the secret; events hold only its fingerprint.</summary>
    HmacSha256,
}

/// <summary>Everything that can happen to a merchant (商户).</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record MerchantEvent
{
    private MerchantEvent() { }

    /// <param name="PayoutAccount">Where settlements go: a reference to an account, never its full number.</param>
    public sealed record Registered(string Name, string PayoutAccount, DateTimeOffset At) : MerchantEvent;

    public sealed record FeePlanSet(FeePlan Plan, DateTimeOffset At) : MerchantEvent;

    public sealed record SplitRulesSet(ValueList<SplitRule> Rules, DateTimeOffset At) : MerchantEvent;

    public sealed record SettlementTermSet(SettlementTerm Term, DateTimeOffset At) : MerchantEvent;

    public sealed record RiskLimitsSet(RiskLimits Limits, DateTimeOffset At) : MerchantEvent;

    /// <summary>Under which merchant numbers (商户号, 特约商户号) a channel's bills may hold its trade.</summary>
    /// <param name="Numbers">All of them; none to compare no longer.</param>
    public sealed record ChannelNumbersSet(Channel Channel, ValueList<string> Numbers, DateTimeOffset At)
        : MerchantEvent;

    /// <param name="Fingerprint">SHA-256 of the public key or secret, in hexadecimal.</param>
    public sealed record KeyAdded(string KeyId, KeyAlgorithm Algorithm, string Fingerprint, DateTimeOffset At)
        : MerchantEvent;

    public sealed record KeyRevoked(string KeyId, DateTimeOffset At) : MerchantEvent;
}

/// <summary>Everything that can be asked of a merchant.</summary>
public abstract record MerchantCommand
{
    private MerchantCommand() { }

    public sealed record Register(
        string Name, string PayoutAccount, FeePlan Plan, SettlementTerm Term, RiskLimits Limits,
        ValueList<SplitRule> Split, DateTimeOffset At) : MerchantCommand;

    public sealed record SetFeePlan(FeePlan Plan, DateTimeOffset At) : MerchantCommand;

    public sealed record SetSplitRules(ValueList<SplitRule> Rules, DateTimeOffset At) : MerchantCommand;

    public sealed record SetSettlementTerm(SettlementTerm Term, DateTimeOffset At) : MerchantCommand;

    public sealed record SetRiskLimits(RiskLimits Limits, DateTimeOffset At) : MerchantCommand;

    public sealed record SetChannelNumbers(Channel Channel, ValueList<string> Numbers, DateTimeOffset At)
        : MerchantCommand;

    public sealed record AddKey(string KeyId, KeyAlgorithm Algorithm, string Fingerprint, DateTimeOffset At)
        : MerchantCommand;

    public sealed record RevokeKey(string KeyId, DateTimeOffset At) : MerchantCommand;
}

/// <summary>Every rule that can refuse a merchant command. The API returns these names.</summary>
public enum MerchantRejection
{
    MerchantNotFound,
    MerchantAlreadyExists,
    FeePlanInvalid,
    SplitRulesInvalid,
    RiskLimitsInvalid,
    ChannelNumbersInvalid,
    KeyIdReused,
    KeyNotFound,
    TooManyLiveKeys,
}
