namespace Jifu.Ledger.Risk;

/// <summary>What one rule said.</summary>
public enum RuleVerdict
{
    /// <summary>Nothing against it.</summary>
    Pass,

    /// <summary>Vouched for: the limits do not apply.</summary>
    Exempt,

    /// <summary>Must not go out.</summary>
    Refuse,
}

/// <summary>One rule's result, kept with the decision so that anybody can see later why it fell as it did.</summary>
/// <param name="Rule">The rule's stable name.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Detail">The figures it looked at, for people.</param>
public sealed record RuleResult(string Rule, RuleVerdict Verdict, string Detail);

/// <summary>The judgement on one flow of money before it goes out (风控决策).</summary>
public sealed record RiskDecision(bool Passed, ValueList<RuleResult> Results)
{
    /// <summary>The first rule that refused; null when it passed.</summary>
    public string? RefusedBy => Passed ? null : Results.First(result => result.Verdict == RuleVerdict.Refuse).Rule;
}
