using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.ReadModels.Reconciliation.Rules;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>What happens to a channel's differences without anybody's doing, after each comparison: what was taken back
/// is undone, what has arrived is met, what a rule explains is matched.</summary>
/// <remarks>Each step is an event that is not told twice, so a sweep may be repeated, killed and run beside
/// another.</remarks>
public sealed class DifferenceSweep(
    DifferenceCarrier desk, ArrivalQueries arrivals, MatchingRuleQueries rules, Projector views, TimeProvider time)
{
    private readonly RuleGroups groups = new(desk, arrivals, time);

    /// <returns>How many differences it has done anything about.</returns>
    public async Task<int> Run(Channel channel, EventMetadata metadata, CancellationToken cancellation)
    {
        await views.WaitForHead(cancellation);
        var done = await Undo(channel, metadata, cancellation);
        done += await FinishPairs(channel, metadata, cancellation);
        done += await Awaited(await groups.Finish(channel, metadata, cancellation), cancellation);
        done += await Meet(channel, metadata, cancellation);
        return done + await Match(channel, metadata, cancellation);
    }

    // What a corrected bill took back, or found again, its life has to know; and so has what it had met, unless it was
    // found just as it was.
    private async Task<int> Undo(Channel channel, EventMetadata metadata, CancellationToken cancellation)
    {
        var done = 0;
        foreach (var row in await arrivals.Outdated(channel, cancellation))
        {
            var isSame = row.Found && await Load(row.DifferenceId) is Difference.Known { Life.Finding: var known }
                and not Difference.TakenBack && known.SaysThatOf(row.Finding);
            foreach (var other in isSame ? [] : await arrivals.ClosedWith(channel, row.DifferenceId, cancellation))
                done += await Do(other.Finding, (by, now) => new DifferenceCommand.Part(
                    other.Finding, new(row.DifferenceId), $"{row.DifferenceId} was taken back", by, now), metadata);
            done += await Do(row.Finding, (by, now) => row.Found
                ? new DifferenceCommand.Renew(row.Finding, by, now)
                : new DifferenceCommand.TakeBack(row.Finding, "its bill was replaced", by, now), metadata);
        }

        return await Awaited(done, cancellation);
    }

    // The other side of a meeting gives up what the one side has taken; where it cannot any more, they come apart.
    private async Task<int> FinishPairs(Channel channel, EventMetadata metadata, CancellationToken cancellation)
    {
        var half = await arrivals.HalfMet(channel, cancellation);
        var live = (half is [] ? [] : await arrivals.Live(channel, cancellation)).ToDictionary(row => row.DifferenceId);
        var done = 0;
        foreach (var one in half)
        {
            if (await Load(one.DifferenceId) is not Difference.Known met
                || Meeting(met, one.MetWith) is not { IsUndone: false } meeting)
                continue;
            var with = $"difference {one.DifferenceId}";
            var isPair = one.MetWith == $"difference {one.Other}";
            if (isPair && live.TryGetValue(one.Other, out var other))
                done += await MeetOther(
                    met.Life.Finding, false, new(other.Open, with, Negated(meeting.Shares)), metadata);
            else if (one.MetWith == one.Other || (isPair
                ? IsClosedWithout(await Load(one.Other), with) : !Refunds(await Load(one.Other), one)))
                done += await Do(met.Life.Finding, (by, now) => new DifferenceCommand.Part(
                    met.Life.Finding, new(one.Other), $"{one.Other} does not stand for it", by, now), metadata);
        }

        return await Awaited(done, cancellation);
    }

    // A run was killed after the one side, and people closed the other. What they have undone they have decided.
    private static bool IsClosedWithout(Difference other, string with) =>
        other is Difference.Closed { IsHeld: false } && Meeting(other, with) is null;

    private static bool Refunds(Difference other, HalfMetRow row) =>
        other is Difference.Closed { Closing.Remedy: { Kind: RemedyKind.Refund, RefundNumber: var number } }
        && row.MetWith == $"refund {number} of difference {row.Other}";

    private static ValueList<SuspenseShare> Negated(ValueList<SuspenseShare> shares) =>
        shares.Select(share => share with { Amount = -share.Amount }).ToValueList();

    private async Task<int> Meet(Channel channel, EventMetadata metadata, CancellationToken cancellation)
    {
        var live = await arrivals.Live(channel, cancellation);
        var open = live.Select(row => row.Open).ToList();
        var theirs = open.Where(one => one.Finding.Class == "only_at_channel").Select(one => one.Id.Value);
        var met = Arrivals.Of(
            open, await arrivals.LateLines(channel, [.. theirs], cancellation),
            await arrivals.Refunds(channel, cancellation));
        var done = 0;
        foreach (var arrival in met)
            done += await Meet(arrival, metadata);

        // What may still succeed is not undone yet; what has just been met is not met by anything else.
        var gone = met.SelectMany(one => new[] { one.Difference.Id, one.Other?.Difference.Id ?? one.Difference.Id });
        var left = live.Where(row => !row.Context(0).Awaits(row.Finding)).Select(row => row.Open)
            .ExceptBy(gone, one => one.Id);
        foreach (var arrival in ReturnedRefunds.Of([.. left]))
            done += await Meet(arrival, metadata);
        return await Awaited(done, cancellation);
    }

    // Very many may be met before this one, and people close differences meanwhile.
    private async Task<int> Meet(Arrival arrival, EventMetadata metadata)
    {
        var one = arrival.Difference.Finding;

        // People took the two apart: the one, found again, does not know it; the other does.
        if (arrival.Other is { } apart && Meeting(
            await Load(apart.Difference.Id.Value), apart.With) is { IsUndone: true })
            return 0;
        var handled = await Handle(one, (by, now) => new DifferenceCommand.Meet(
            one, arrival.With, arrival.Shares, by, now), metadata);
        var isNew = handled.Events.Count > 0;
        var isMet = Meeting(handled.State, arrival.With) is { IsUndone: false };
        return (isNew ? 1 : 0)
            + (isMet && arrival.Other is { } other ? await MeetOther(one, isNew, other, metadata) : 0);
    }

    // Somebody may have closed the other one meanwhile, or undone this very meeting: then both come apart again.
    private async Task<int> MeetOther(Finding one, bool isNew, Arrival other, EventMetadata metadata)
    {
        var finding = other.Difference.Finding;
        var handled = await Handle(finding, (by, now) => new DifferenceCommand.Meet(
            finding, other.With, other.Shares, by, now), metadata);
        var meeting = Meeting(handled.State, other.With);
        return meeting is null || (isNew && meeting.IsUndone)
            ? await Do(one, (by, now) => new DifferenceCommand.Part(
                one, finding.Id, $"{finding.Id} was closed otherwise", by, now), metadata)
            : handled.Events.Count;
    }

    private static Closing? Meeting(Difference difference, string with) =>
        (difference as Difference.Known)?.Life.Meetings.FirstOrDefault(meeting => meeting.With == with);

    private async Task<int> Match(Channel channel, EventMetadata metadata, CancellationToken cancellation)
    {
        var done = 0;
        foreach (var rule in await rules.All(cancellation))
        {
            if (rule is not { Version: { } version, Terms: { } terms })
                continue;
            var open = await OpenToRules.Of(channel, arrivals, Load, cancellation);
            var before = done;
            var findings = RuleFindings.Of(MatchingRuleRow.TermsOf(terms), open);
            foreach (var match in findings.Matches)
                done += await groups.Match(rule.RuleId, version, match, metadata);
            if (done > before)
                await Awaited(done, cancellation);
        }

        return done;
    }

    private async Task<int> Do(
        Finding finding, Func<string, DateTimeOffset, DifferenceCommand> command, EventMetadata metadata) =>
        (await Handle(finding, command, metadata)).Events.Count > 0 ? 1 : 0;

    // Begun is done: what stands in one stream and not in another would wait for the next sweep.
    private Task<Handled<Difference, DifferenceEvent, DifferenceRejection>> Handle(
        Finding finding, Func<string, DateTimeOffset, DifferenceCommand> command, EventMetadata metadata) =>
        desk.Handle(command(metadata.Actor, time.GetUtcNow()), metadata, CancellationToken.None);

    private Task<Difference> Load(string id) => desk.Load(new(id), CancellationToken.None);

    private async Task<int> Awaited(int done, CancellationToken cancellation)
    {
        if (done > 0)
            await views.WaitForHead(cancellation);
        return done;
    }
}
