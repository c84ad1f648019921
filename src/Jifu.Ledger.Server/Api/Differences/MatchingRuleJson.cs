using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels.Reconciliation.Rules;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Server.Api.Differences;

/// <summary>What a rule of finance says, as it is written and shown.</summary>
/// <param name="Kind"><c>tolerance</c>, <c>status</c> or <c>group</c>.</param>
/// <param name="RestTo"><c>channel_cost</c>, <c>difference_result</c> or <c>fee_income</c>.</param>
internal sealed record TermsJson(
    MatchingKind Kind, Channel? Channel = null, IReadOnlyList<string>? Classes = null, long? WithinMinor = null,
    long? WithinPpm = null, AccountKind? RestTo = null, IReadOnlyList<string>? Theirs = null,
    IReadOnlyList<string>? Ours = null, LineTerms? One = null, LineTerms? Many = null, int? DaysApartMax = null,
    LineTerms? Where = null, int? MembersMax = null, int? LeftOutMax = null)
{
    public MatchingTerms Terms => new(
        Kind, [.. Classes ?? []], [.. Theirs ?? []], [.. Ours ?? []], Channel, WithinMinor, WithinPpm, RestTo, One,
        Many, DaysApartMax, Where, MembersMax, LeftOutMax);

    public static TermsJson? Of(string? stored)
    {
        if (stored is null)
            return null;
        var t = MatchingRuleRow.TermsOf(stored);
        return new(
            t.Kind, t.Channel, Some(t.Classes), t.WithinMinor, t.WithinPpm, t.RestTo, Some(t.Theirs), Some(t.Ours),
            t.One, t.Many, t.DaysApartMax, t.Where, t.MembersMax, t.LeftOutMax);
    }

    private static ValueList<string>? Some(ValueList<string> list) => list is [] ? null : list;
}

/// <summary>Proposes what a rule should say.</summary>
internal sealed record RuleRequest(TermsJson Rule, string Reason);

/// <summary>Asks what a rule would have matched on past days.</summary>
internal sealed record RuleTestRequest(TermsJson Rule, BusinessDay From, BusinessDay To);

/// <summary>Says yes to a version of a rule.</summary>
internal sealed record RuleApprovalRequest(int Version);

/// <summary>Says no to a version of a rule.</summary>
internal sealed record RuleRejectionRequest(int Version, string Reason);

/// <summary>One version of a rule.</summary>
internal sealed record RuleVersionView(int Version, TermsJson Rule, string By, string? ApprovedBy, string Reason);

/// <summary>A rule of finance: the version that works, and the one that waits for another person.</summary>
internal sealed record RuleView(string Id, RuleVersionView? Active, RuleVersionView? Asked)
{
    public static RuleView Of(MatchingRuleRow row) => new(
        row.RuleId,
        row.Version is { } version
            ? new(version, TermsJson.Of(row.Terms)!, row.WrittenBy!, row.ApprovedBy, row.Reason!)
            : null,
        row.AskedVersion is { } asked
            ? new(asked, TermsJson.Of(row.AskedTerms)!, row.AskedBy!, null, row.AskedReason!)
            : null);
}

/// <summary>One of the differences that a rule is about.</summary>
internal sealed record RuleLineView(
    string Id, BusinessDay Day, string Channel, string Class, string Key, string Theirs, string Ours, long Excess)
{
    public static RuleLineView Of(OpenDifference one) => new(
        one.Id.Value, one.Finding.Day, one.Finding.Channel.Name(), one.Finding.Class, one.Finding.Key,
        one.Finding.Theirs, one.Finding.Ours, one.Left.MinorUnits);
}

/// <summary>What a rule takes together, and what is left over.</summary>
internal sealed record MatchView(IReadOnlyList<RuleLineView> Differences, long Rest);

/// <summary>A line that a rule leaves to people.</summary>
/// <param name="Why"><c>ambiguous</c>, <c>contested</c> or <c>too_many</c>.</param>
/// <param name="Candidates">How many lines there are to choose from.</param>
/// <param name="Fitting">Sets of them that would do: two when there are more.</param>
internal sealed record UndecidedView(
    RuleLineView One, Undecidable Why, int Candidates, IReadOnlyList<IReadOnlyList<RuleLineView>> Fitting)
{
    public static UndecidedView Of(UndecidedLine line) => new(
        RuleLineView.Of(line.One), line.Why, line.Candidates,
        [.. line.Fitting.Select(lines => lines.Select(RuleLineView.Of).ToList())]);
}

/// <summary>Why a rule that works has not taken a difference.</summary>
internal sealed record RuleDoubtView(string Rule, int Version, UndecidedView Undecided);

/// <summary>What a rule says of the differences of some days.</summary>
internal sealed record RuleFindingsView(IReadOnlyList<MatchView> Matches, IReadOnlyList<UndecidedView> Undecided)
{
    public static RuleFindingsView Of(RuleFindings findings) => new(
        [.. findings.Matches.Select(match => new MatchView(
            [.. match.Members.Select(member => RuleLineView.Of(member.Difference))], match.Rest.MinorUnits))],
        [.. findings.Undecided.Select(UndecidedView.Of)]);
}
