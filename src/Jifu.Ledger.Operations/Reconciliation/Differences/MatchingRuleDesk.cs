using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.ReadModels.Reconciliation.Rules;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>What became of a command to a rule of finance.</summary>
public sealed record MatchingRuleOutcome(MatchingRule Rule, bool IsNew, Refusal? Refusal);

/// <summary>What a rule that works leaves to people.</summary>
public sealed record RuleDoubt(string Rule, int Version, UndecidedLine Line);

/// <summary>Carries what finance does with its rules, and tries them on past days.</summary>
public sealed class MatchingRuleDesk(
    CommandDesk desk, DifferenceQueries differences, ArrivalQueries arrivals, MatchingRuleQueries rules,
    OnePerson onePerson, Projector views, TimeProvider time)
{
    private const int DaysMax = 400;

    public Task<MatchingRuleOutcome> Propose(
        string rule, MatchingTerms terms, string reason, EventMetadata metadata, CancellationToken cancellation) =>
        Handle(rule, new MatchingRuleCommand.Propose(terms, reason, metadata.Actor, Now), metadata, cancellation);

    public async Task<MatchingRuleOutcome> Approve(
        string rule, int version, EventMetadata metadata, CancellationToken cancellation)
    {
        var (state, by) = (await desk.Load(Aggregates.MatchingRules, rule, cancellation), metadata.Actor);
        return state.Asked is { } asked && asked.Version == version && asked.By != by
            && await onePerson(asked.By, by, cancellation)
            ? new(state, false, Refusal.Of(
                MatchingRuleRejection.RuleApproverIsProposer,
                $"{by} counts as the person of {asked.By}, who wrote it."))
            : await Handle(rule, new MatchingRuleCommand.Approve(version, by, Now), metadata, cancellation);
    }

    public Task<MatchingRuleOutcome> Reject(
        string rule, int version, string reason, EventMetadata metadata, CancellationToken cancellation) =>
        Handle(
            rule, new MatchingRuleCommand.Reject(version, reason, metadata.Actor, Now), metadata, cancellation);

    public Task<MatchingRuleOutcome> Retire(
        string rule, string reason, EventMetadata metadata, CancellationToken cancellation) =>
        Handle(rule, new MatchingRuleCommand.Retire(reason, metadata.Actor, Now), metadata, cancellation);

    /// <summary>What a rule would have matched of the differences of these days, whatever people or rules have made of
    /// them since. What has met by itself, or still may be booked by what we asked for ourselves, no rule takes.
    /// Changes nothing.</summary>
    public async Task<RuleFindings> Test(
        MatchingTerms terms, BusinessDay from, BusinessDay to, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to.Date.DayNumber - from.Date.DayNumber, DaysMax);
        await views.WaitForHead(cancellation);
        var found = await differences.Found(from, to, cancellation);
        return RuleFindings.Of(
            terms, [.. found.Where(row => !row.Context(0).Awaits(row.Finding))
                .Select(row => new OpenDifference(row.Finding, row.Minor(row.InPlayMinor!.Value)))]);
    }

    /// <summary>Why no rule has taken an open difference that some could: more than one set of lines would do, or more
    /// than one line wants the same. Changes nothing.</summary>
    public async Task<IReadOnlyList<RuleDoubt>> Doubts(DifferenceLifeRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row is not { Found: true, Status: "open" })
            return [];
        var active = (await rules.All(cancellation)).Where(rule => rule.Terms is not null).ToList();
        var open = active.Count == 0 ? [] : await OpenToRules.Of(
            row.Finding.Channel, arrivals, id => desk.Load(Aggregates.Differences, id, cancellation), cancellation);
        return [.. active.SelectMany(rule => RuleFindings.Of(MatchingRuleRow.TermsOf(rule.Terms!), open).Undecided
            .Where(line => line.Fitting.SelectMany(lines => lines).Append(line.One)
                .Any(one => one.Id == row.Finding.Id))
            .Select(line => new RuleDoubt(rule.RuleId, rule.Version!.Value, line)))];
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private async Task<MatchingRuleOutcome> Handle(
        string rule, MatchingRuleCommand command, EventMetadata metadata, CancellationToken cancellation)
    {
        var handled = await desk.Handle(Aggregates.MatchingRules, rule, command, metadata, cancellation);
        var fault = (command as MatchingRuleCommand.Propose)?.Terms.Fault;
        return new(handled.State, handled.Events.Count > 0, handled.Rejection is { } rejection
            ? Refusal.Of(rejection, fault?.ToString() ?? $"Rule {rule}, version {handled.State.Version}.")
            : null);
    }
}
