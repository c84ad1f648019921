using System.Diagnostics;

namespace Jifu.Ledger.Reconciliation.Rules;

using Decision = Decision<MatchingRuleEvent, MatchingRuleRejection>;

/// <summary>Everything that can happen to a rule of finance. A change is a new version.</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record MatchingRuleEvent
{
    private MatchingRuleEvent() { }

    /// <summary>Somebody wants it to say this from now on.</summary>
    public sealed record Proposed(
        int Version, MatchingTerms Terms, string Reason, string By, DateTimeOffset At) : MatchingRuleEvent;

    /// <summary>Another person agreed: it works from the next reconciliation on, instead of the version
    /// before.</summary>
    public sealed record Approved(int Version, string By, DateTimeOffset At) : MatchingRuleEvent;

    /// <summary>The version will not come; turned down, or withdrawn by whoever proposed it.</summary>
    public sealed record Rejected(int Version, string Reason, string By, DateTimeOffset At) : MatchingRuleEvent;

    /// <summary>It works no longer. What it matched stays matched.</summary>
    public sealed record Retired(int Version, string Reason, string By, DateTimeOffset At) : MatchingRuleEvent;
}

/// <summary>Everything that can be asked of a rule.</summary>
public abstract record MatchingRuleCommand
{
    private MatchingRuleCommand(string by, DateTimeOffset at) => (By, At) = (by, at);

    /// <summary>Who asks: the key.</summary>
    public string By { get; }

    public DateTimeOffset At { get; }

    public sealed record Propose(MatchingTerms Terms, string Reason, string By, DateTimeOffset At)
        : MatchingRuleCommand(By, At);

    public sealed record Approve(int Version, string By, DateTimeOffset At) : MatchingRuleCommand(By, At);

    public sealed record Reject(int Version, string Reason, string By, DateTimeOffset At)
        : MatchingRuleCommand(By, At);

    public sealed record Retire(string Reason, string By, DateTimeOffset At) : MatchingRuleCommand(By, At);
}

/// <summary>Every rule that can refuse a command to a matching rule, in the order in which they are asked. The API
/// returns these names.</summary>
public enum MatchingRuleRejection
{
    RuleNotFound,
    RuleInvalid,
    RuleProposalOpen,
    RuleProposalNotFound,
    RuleApproverIsProposer,
}

/// <summary>One rule of finance: the version that works, and the one that waits for another person.</summary>
/// <param name="Version">Of the newest version proposed; 0 before the first.</param>
public sealed record MatchingRule(
    int Version, MatchingRule.VersionOf? Active, MatchingRule.VersionOf? Asked)
{
    public static readonly MatchingRule Initial = new(0, null, null);

    public sealed record VersionOf(int Version, MatchingTerms Terms, string Reason, string By, string? ApprovedBy);

    /// <summary>The rules, one to a row; the first row that fits decides.</summary>
    public static Decision Decide(MatchingRule rule, MatchingRuleCommand command) => (rule, command) switch
    {
        (_, MatchingRuleCommand.Propose { Terms.Fault: not null }) => MatchingRuleRejection.RuleInvalid,
        ({ Asked: { } asked }, MatchingRuleCommand.Propose c) when Same(asked, c) => Decision.Nothing,
        ({ Asked: not null }, MatchingRuleCommand.Propose) => MatchingRuleRejection.RuleProposalOpen,
        ({ Active: { } active }, MatchingRuleCommand.Propose c) when Same(active, c) => Decision.Nothing,
        (_, MatchingRuleCommand.Propose c) => new MatchingRuleEvent.Proposed(
            rule.Version + 1, c.Terms, c.Reason, c.By, c.At),
        ({ Version: 0 }, _) => MatchingRuleRejection.RuleNotFound,

        ({ Active: { } active }, MatchingRuleCommand.Approve c)
            when active.Version == c.Version && active.ApprovedBy == c.By => Decision.Nothing,
        (_, MatchingRuleCommand.Approve c) when rule.Asked?.Version != c.Version =>
            MatchingRuleRejection.RuleProposalNotFound,
        (_, MatchingRuleCommand.Approve c) when rule.Asked!.By == c.By => MatchingRuleRejection.RuleApproverIsProposer,
        (_, MatchingRuleCommand.Approve c) => new MatchingRuleEvent.Approved(c.Version, c.By, c.At),
        (_, MatchingRuleCommand.Reject c) when rule.Asked?.Version != c.Version =>
            MatchingRuleRejection.RuleProposalNotFound,
        (_, MatchingRuleCommand.Reject c) => new MatchingRuleEvent.Rejected(c.Version, c.Reason, c.By, c.At),

        // To stop a rule takes one person: nothing is lost by it.
        ({ Active: null }, MatchingRuleCommand.Retire) => Decision.Nothing,
        (_, MatchingRuleCommand.Retire c) => new MatchingRuleEvent.Retired(
            rule.Active!.Version, c.Reason, c.By, c.At),
        _ => throw new UnreachableException($"No rule answers {command} on {rule}."),
    };

    /// <summary>What the rule becomes.</summary>
    public static MatchingRule Evolve(MatchingRule rule, MatchingRuleEvent @event) => (rule, @event) switch
    {
        (_, MatchingRuleEvent.Proposed e) =>
            rule with { Version = e.Version, Asked = new(e.Version, e.Terms, e.Reason, e.By, null) },
        ({ Asked: { } asked }, MatchingRuleEvent.Approved e) =>
            rule with { Active = asked with { ApprovedBy = e.By }, Asked = null },
        ({ Asked: not null }, MatchingRuleEvent.Rejected) => rule with { Asked = null },
        ({ Active: not null }, MatchingRuleEvent.Retired) => rule with { Active = null },
        _ => throw new InvalidDataException($"{@event} cannot follow {rule}."),
    };

    private static bool Same(VersionOf version, MatchingRuleCommand.Propose c) =>
        version.Terms == c.Terms && version.By == c.By && version.Reason == c.Reason;
}
