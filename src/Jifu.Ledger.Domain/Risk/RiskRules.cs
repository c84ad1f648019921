namespace Jifu.Ledger.Risk;

/// <summary>What is to be judged: a payment coming in, or a payout going out.</summary>
public enum FlowDirection
{
    PaymentIn,
    PayoutOut,
}

/// <summary>A merchant's limits (商户限额) for payments, in minor units of one currency. Absent: no such limit.</summary>
public sealed record RiskLimits(long? PerTransactionMinor, long? PerDayMinor)
{
    public static readonly RiskLimits None = new(null, null);
}

/// <summary>All that rules may look at. Gathered before judging, so that judging is a pure function.</summary>
/// <param name="Direction">Which way the money flows.</param>
/// <param name="Merchant">Whose payment or payout it is.</param>
/// <param name="PayerId">Who pays, as the merchant tells it; null when not told.</param>
/// <param name="Amount">The amount to judge.</param>
/// <param name="DayVolume">What the merchant's payments of the business day already sum to, this one left out.</param>
/// <param name="Limits">The merchant's limits.</param>
/// <param name="BlackList">Merchants and payers that nothing may pass for (黑名单): <c>merchant:ID</c>,
/// <c>payer:ID</c>.</param>
/// <param name="WhiteList">Those whom limits do not hold (白名单), written the same way.</param>
public sealed record RiskFacts(
    FlowDirection Direction, MerchantId Merchant, string? PayerId, Money Amount, Money DayVolume, RiskLimits Limits,
    IReadOnlySet<string> BlackList, IReadOnlySet<string> WhiteList)
{
    /// <summary>The names under which the lists may know this flow.</summary>
    public IEnumerable<string> ListedAs =>
        PayerId is null ? [$"merchant:{Merchant}"] : [$"merchant:{Merchant}", $"payer:{PayerId}"];
}

/// <summary>One rule: a pure function of the facts. A new rule is a new class and a line in
/// <see cref="RiskRules.Standard"/>.</summary>
public interface IRiskRule
{
    /// <summary>Its stable name, in snake_case; stored with each decision.</summary>
    string Name { get; }

    RuleResult Judge(RiskFacts facts);
}

/// <summary>The place where rules plug in. Every rule is asked, also after a refusal,
/// so that a decision shows them all.</summary>
public static class RiskRules
{
    public static readonly IReadOnlyList<IRiskRule> Standard =
        [new BlackListRule(), new WhiteListRule(), new PerTransactionRule(), new PerDayRule()];

    /// <summary>A refusal by a list always counts; a refusal by a limit does not when a rule vouches for the
    /// flow.</summary>
    public static RiskDecision Judge(RiskFacts facts, IReadOnlyList<IRiskRule> rules)
    {
        var results = rules.Select(rule => (rule, result: rule.Judge(facts))).ToList();
        var exempt = results.Any(r => r.result.Verdict == RuleVerdict.Exempt);
        var told = results.Select(r => exempt && r is { rule: ILimitRule, result.Verdict: RuleVerdict.Refuse }
            ? r.result with { Verdict = RuleVerdict.Exempt }
            : r.result).ToValueList();
        return new(told.All(result => result.Verdict != RuleVerdict.Refuse), told);
    }
}

/// <summary>Marks the rules that a white list lifts.</summary>
public interface ILimitRule : IRiskRule;

/// <summary>Refuses whoever is on the black list.</summary>
public sealed class BlackListRule : IRiskRule
{
    public string Name => "black_list";

    public RuleResult Judge(RiskFacts facts) => facts.ListedAs.FirstOrDefault(facts.BlackList.Contains) is { } listed
        ? new(Name, RuleVerdict.Refuse, $"{listed} is listed")
        : new(Name, RuleVerdict.Pass, "not listed");
}

/// <summary>Lifts the limits for whoever is on the white list.</summary>
public sealed class WhiteListRule : IRiskRule
{
    public string Name => "white_list";

    public RuleResult Judge(RiskFacts facts) => facts.ListedAs.FirstOrDefault(facts.WhiteList.Contains) is { } listed
        ? new(Name, RuleVerdict.Exempt, $"{listed} is listed")
        : new(Name, RuleVerdict.Pass, "not listed");
}

/// <summary>Holds one payment to the merchant's limit per transaction (单笔限额).</summary>
public sealed class PerTransactionRule : ILimitRule
{
    public string Name => "per_transaction_limit";

    public RuleResult Judge(RiskFacts facts) => facts switch
    {
        { Direction: FlowDirection.PayoutOut } => new(Name, RuleVerdict.Pass, "holds for payments only"),
        { Limits.PerTransactionMinor: null } => new(Name, RuleVerdict.Pass, "no limit"),
        { Limits.PerTransactionMinor: { } limit } => new(
            Name, facts.Amount.MinorUnits > limit ? RuleVerdict.Refuse : RuleVerdict.Pass,
            $"{facts.Amount} of {facts.Amount with { MinorUnits = limit }}"),
    };
}

/// <summary>Holds a business day's payments to the merchant's limit per day (单日限额).</summary>
public sealed class PerDayRule : ILimitRule
{
    public string Name => "per_day_limit";

    public RuleResult Judge(RiskFacts facts) => facts switch
    {
        { Direction: FlowDirection.PayoutOut } => new(Name, RuleVerdict.Pass, "holds for payments only"),
        { Limits.PerDayMinor: null } => new(Name, RuleVerdict.Pass, "no limit"),
        { Limits.PerDayMinor: { } limit } => new(
            Name, (facts.DayVolume + facts.Amount).MinorUnits > limit ? RuleVerdict.Refuse : RuleVerdict.Pass,
            $"{facts.DayVolume} + {facts.Amount} of {facts.Amount with { MinorUnits = limit }}"),
    };
}
