using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.ReadModels.Reconciliation.Rules;

/// <summary>Keeps <c>matching_rule</c>: what finance has written, and what of it works.</summary>
public sealed class MatchingRuleProjection : IProjection
{
    public string Name => "matching_rules";

    public IReadOnlyList<string> Tables => ["matching_rule"];

    public IReadOnlyList<string> SearchedBy => ["matching_rule_pkey"];

    public IReadOnlyList<Type> LooksAt => [typeof(MatchingRuleEvent)];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) =>
        [.. page.Where(recorded => recorded.Event is MatchingRuleEvent).Select(StatementOf)];

    private static Statement StatementOf(Recorded<object> r) => (MatchingRuleEvent)r.Event switch
    {
        MatchingRuleEvent.Proposed e => new(
            """
            INSERT INTO matching_rule (rule_id, asked_version, asked_terms, asked_by, asked_reason, position)
            VALUES (@id, @version, @terms, @by, @reason, @position)
            ON CONFLICT (rule_id) DO UPDATE SET asked_version = excluded.asked_version,
                asked_terms = excluded.asked_terms, asked_by = excluded.asked_by,
                asked_reason = excluded.asked_reason, position = excluded.position
            """,
            1,
            ("id", r.Stream.Id), ("version", e.Version),
            ("terms", JsonSerializer.Serialize(e.Terms, EventJson.Options)), ("by", e.By), ("reason", e.Reason),
            ("position", r.Position)),
        MatchingRuleEvent.Approved e => Change(
            r, """
            version = asked_version, terms = asked_terms, written_by = asked_by, reason = asked_reason,
                approved_by = @by, asked_version = NULL, asked_terms = NULL, asked_by = NULL, asked_reason = NULL
            """, ("by", e.By)),
        MatchingRuleEvent.Rejected => Change(
            r, "asked_version = NULL, asked_terms = NULL, asked_by = NULL, asked_reason = NULL"),
        MatchingRuleEvent.Retired => Change(
            r, "version = NULL, terms = NULL, written_by = NULL, approved_by = NULL, reason = NULL"),
        _ => throw new InvalidDataException($"Matching rules have no row for {r.Event}."),
    };

    private static Statement Change(Recorded<object> r, string set, params (string, object)[] parameters) => new(
        $"UPDATE matching_rule SET {set}, position = @position WHERE rule_id = @id",
        1, [.. parameters, ("id", r.Stream.Id), ("position", r.Position)]);
}
