using System.Collections.Immutable;
using System.Diagnostics;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Merchants;

using Decision = Decision<MerchantEvent, MerchantRejection>;
using static MerchantCommand;

/// <summary>A merchant: its terms and its keys.</summary>
public abstract record Merchant
{
    /// <summary>Two keys may live at once, so that one can be replaced without a gap.</summary>
    public const int LiveKeysMax = 2;

    private const int NumbersMax = 20;
    private const int NumberLengthMax = 32;

    private Merchant() { }

    public static readonly Merchant Initial = new Unknown();

    public sealed record Unknown : Merchant;

    public sealed record Active(
        string Name, string PayoutAccount, FeePlan Plan, ValueList<SplitRule> Split, SettlementTerm Term,
        RiskLimits Limits, ImmutableSortedDictionary<string, MerchantKey> Keys) : Merchant
    {
        /// <summary>Its numbers at each channel that has told us of any.</summary>
        public ImmutableSortedDictionary<Channel, ValueList<string>> Numbers { get; init; } =
            ImmutableSortedDictionary<Channel, ValueList<string>>.Empty;
    }

    public static Decision Decide(Merchant merchant, MerchantCommand command) => (merchant, command) switch
    {
        (Unknown, Register { Plan.IsValid: false }) => MerchantRejection.FeePlanInvalid,
        (Unknown, Register c) when !ValidSplit(c.Split) => MerchantRejection.SplitRulesInvalid,
        (Unknown, Register c) when !ValidLimits(c.Limits) => MerchantRejection.RiskLimitsInvalid,
        (Unknown, Register c) => Registration(c),
        (Unknown, _) => MerchantRejection.MerchantNotFound,

        (Active m, Register c) when Same(m, c) => Decision.Nothing,
        (Active, Register) => MerchantRejection.MerchantAlreadyExists,

        (Active, SetFeePlan { Plan.IsValid: false }) => MerchantRejection.FeePlanInvalid,
        (Active m, SetFeePlan c) when c.Plan == m.Plan => Decision.Nothing,
        (Active, SetFeePlan c) => new MerchantEvent.FeePlanSet(c.Plan, c.At),
        (Active, SetSplitRules c) when !ValidSplit(c.Rules) => MerchantRejection.SplitRulesInvalid,
        (Active m, SetSplitRules c) when c.Rules.Equals(m.Split) => Decision.Nothing,
        (Active, SetSplitRules c) => new MerchantEvent.SplitRulesSet(c.Rules, c.At),
        (Active m, SetSettlementTerm c) when c.Term == m.Term => Decision.Nothing,
        (Active, SetSettlementTerm c) => new MerchantEvent.SettlementTermSet(c.Term, c.At),
        (Active, SetRiskLimits c) when !ValidLimits(c.Limits) => MerchantRejection.RiskLimitsInvalid,
        (Active m, SetRiskLimits c) when c.Limits == m.Limits => Decision.Nothing,
        (Active, SetRiskLimits c) => new MerchantEvent.RiskLimitsSet(c.Limits, c.At),

        (Active, SetChannelNumbers c) when !ValidNumbers(c) => MerchantRejection.ChannelNumbersInvalid,
        (Active m, SetChannelNumbers c) when c.Numbers.Equals(m.Numbers.GetValueOrDefault(c.Channel, [])) =>
            Decision.Nothing,
        (Active, SetChannelNumbers c) => new MerchantEvent.ChannelNumbersSet(c.Channel, c.Numbers, c.At),

        (Active m, AddKey c) when m.Keys.TryGetValue(c.KeyId, out var key) =>
            key == new MerchantKey(c.Algorithm, c.Fingerprint, Live: true)
                ? Decision.Nothing
                : MerchantRejection.KeyIdReused,
        (Active m, AddKey) when m.Keys.Values.Count(key => key.Live) >= LiveKeysMax =>
            MerchantRejection.TooManyLiveKeys,
        (Active, AddKey c) => new MerchantEvent.KeyAdded(c.KeyId, c.Algorithm, c.Fingerprint, c.At),
        (Active m, RevokeKey c) when !m.Keys.ContainsKey(c.KeyId) => MerchantRejection.KeyNotFound,
        (Active m, RevokeKey c) when !m.Keys[c.KeyId].Live => Decision.Nothing,
        (Active, RevokeKey c) => new MerchantEvent.KeyRevoked(c.KeyId, c.At),

        _ => throw new UnreachableException($"No rule answers {command} on {merchant}."),
    };

    public static Merchant Evolve(Merchant merchant, MerchantEvent @event) => (merchant, @event) switch
    {
        (Unknown, MerchantEvent.Registered e) => new Active(
            e.Name, e.PayoutAccount, FeePlan.None, [], SettlementTerm.T1, RiskLimits.None,
            ImmutableSortedDictionary<string, MerchantKey>.Empty),
        (Active m, MerchantEvent.FeePlanSet e) => m with { Plan = e.Plan },
        (Active m, MerchantEvent.SplitRulesSet e) => m with { Split = e.Rules },
        (Active m, MerchantEvent.SettlementTermSet e) => m with { Term = e.Term },
        (Active m, MerchantEvent.RiskLimitsSet e) => m with { Limits = e.Limits },
        (Active m, MerchantEvent.ChannelNumbersSet e) =>
            m with { Numbers = m.Numbers.SetItem(e.Channel, e.Numbers) },
        (Active m, MerchantEvent.KeyAdded e) =>
            m with { Keys = m.Keys.Add(e.KeyId, new(e.Algorithm, e.Fingerprint, true)) },
        (Active m, MerchantEvent.KeyRevoked e) => m with
        {
            Keys = m.Keys.SetItem(e.KeyId, m.Keys[e.KeyId] with { Live = false }),
        },
        _ => throw new InvalidDataException($"{@event} cannot follow {merchant}."),
    };

    private static Decision Registration(Register c)
    {
        List<MerchantEvent> events = [new MerchantEvent.Registered(c.Name, c.PayoutAccount, c.At)];
        events.Add(new MerchantEvent.FeePlanSet(c.Plan, c.At));
        events.Add(new MerchantEvent.SettlementTermSet(c.Term, c.At));
        if (c.Split is not [])
            events.Add(new MerchantEvent.SplitRulesSet(c.Split, c.At));
        if (c.Limits != RiskLimits.None)
            events.Add(new MerchantEvent.RiskLimitsSet(c.Limits, c.At));
        return Decision.All(events);
    }

    private static bool Same(Active m, Register c) =>
        (m.Name, m.PayoutAccount, m.Term) == (c.Name, c.PayoutAccount, c.Term)
        && m.Plan == c.Plan && m.Limits == c.Limits && m.Split.Equals(c.Split);

    // Standing rules hold for every amount, so they are rates; a fixed part would be lost on a small payment.
    private static bool ValidSplit(ValueList<SplitRule> rules) =>
        rules.All(rule => rule is { Basis: SplitBasis.Rate, Value: > 0 and <= Rate.Whole })
        && rules.Sum(rule => rule.Value) <= Rate.Whole
        && rules.DistinctBy(rule => rule.Receiver).Count() == rules.Count;

    private static bool ValidNumbers(SetChannelNumbers c) =>
        c.Channel is not Channel.None && c.Numbers.Count <= NumbersMax
        && c.Numbers.Distinct().Count() == c.Numbers.Count && c.Numbers.All(
            number => number.Length is > 0 and <= NumberLengthMax && number.All(char.IsAsciiLetterOrDigit));

    private static bool ValidLimits(RiskLimits limits) =>
        limits is { PerTransactionMinor: null or > 0, PerDayMinor: null or > 0 };
}

/// <summary>A key of a merchant, as far as events know it.</summary>
public sealed record MerchantKey(KeyAlgorithm Algorithm, string Fingerprint, bool Live);
