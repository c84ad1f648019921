using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.ReadModels.Reconciliation.Rules;

/// <summary>One rule of finance: what works, and what waits for another person. Terms are JSON as events have
/// them.</summary>
public sealed record MatchingRuleRow
{
    public required string RuleId { get; init; }
    public int? Version { get; init; }
    public string? Terms { get; init; }
    public string? WrittenBy { get; init; }
    public string? ApprovedBy { get; init; }
    public string? Reason { get; init; }
    public int? AskedVersion { get; init; }
    public string? AskedTerms { get; init; }
    public string? AskedBy { get; init; }
    public string? AskedReason { get; init; }

    /// <summary>What terms of a row say.</summary>
    public static MatchingTerms TermsOf(string terms) =>
        JsonSerializer.Deserialize<MatchingTerms>(terms, EventJson.Options)!;
}

/// <summary>Looks up the rules of finance.</summary>
public sealed class MatchingRuleQueries(ViewDatabase views)
{
    private const string Columns =
        "rule_id, version, terms, written_by, approved_by, reason, asked_version, asked_terms, asked_by, asked_reason";

    /// <summary>All of them, by id: the order in which they are applied.</summary>
    public Task<IReadOnlyList<MatchingRuleRow>> All(CancellationToken cancellation) => views.List<MatchingRuleRow>(
        $"SELECT {Columns} FROM views.matching_rule ORDER BY rule_id", null, cancellation);

    public Task<MatchingRuleRow?> Find(string ruleId, CancellationToken cancellation) => views.One<MatchingRuleRow>(
        $"SELECT {Columns} FROM views.matching_rule WHERE rule_id = @ruleId", new { ruleId }, cancellation);
}
