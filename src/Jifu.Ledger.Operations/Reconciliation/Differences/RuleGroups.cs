using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>Takes differences together for a rule, one stream after the other, so that all of them are matched or
/// none.</summary>
internal sealed class RuleGroups(DifferenceCarrier desk, ArrivalQueries arrivals, TimeProvider time)
{
    /// <returns>How many differences were matched.</returns>
    public Task<int> Match(string rule, int version, RuleMatch match, EventMetadata metadata) => Match(
        new(rule, version, match.Members.Select(member => member.Difference.Id).ToValueList()),
        [.. match.Members.Select(member => (member.Difference.Finding, member.Shares))],
        [.. match.Members.Select(member => member.Difference.Finding)], metadata);

    /// <summary>Goes on with groups of which a run was killed between the members: takes the rest where that still is
    /// as it was, and else lets go of what was taken. What people have taken out of a group stays out of it, and the
    /// others in it.</summary>
    /// <returns>How many differences it has done anything about.</returns>
    public async Task<int> Finish(Channel channel, EventMetadata metadata, CancellationToken cancellation)
    {
        var done = 0;
        foreach (var rows in (await arrivals.HalfMatched(channel, cancellation))
            .GroupBy(row => (row.Rule, row.RuleVersion, row.ClosedWith)))
        {
            var (rule, version, with) = rows.Key;
            done += await Finish(
                new(rule!, version!.Value, with!.Split(' ').Select(id => new DifferenceId(id)).ToValueList()),
                [.. rows], metadata);
        }

        return done;
    }

    private async Task<int> Finish(Group group, List<DifferenceLifeRow> rows, EventMetadata metadata)
    {
        var missing = new List<DifferenceLifeRow>();
        foreach (var row in rows)
        {
            if (group.MeetingOf(await Load(new(row.DifferenceId))) is null)
                missing.Add(row);
        }

        var taken = new List<(Finding Finding, Closing Closing)>();
        foreach (var id in missing.Count == 0 ? [] : group.With.Except(missing.Select(row => row.Finding.Id)))
        {
            var state = await Load(id);
            if (state is Difference.Known { Life.Finding: var finding }
                && group.MeetingOf(state) is { IsUndone: false } closing)
                taken.Add((finding, closing));
        }

        if (taken.Count == 0)
            return 0;
        return missing.All(row => row is { Found: true, Status: "open" }) && IsLevel(taken, missing)
            ? await Match(
                group, [.. missing.Select(row => (row.Finding, Share(row)))],
                [.. taken.Select(one => one.Finding), .. missing.Select(row => row.Finding)], metadata)
            : await Part([.. taken.Select(one => one.Finding)], new(missing[0].DifferenceId), metadata);
    }

    // Over a group the receivable is level: what else it has moved is the rest, which its one line carries.
    private static bool IsLevel(List<(Finding Finding, Closing Closing)> taken, List<DifferenceLifeRow> missing) =>
        taken.SelectMany(one => one.Closing.Shares).Concat(missing.SelectMany(Share))
            .Where(share => share.To.Kind is AccountKind.ChannelReceivable)
            .Aggregate((Int128)0, (sum, share) => sum + share.Amount.MinorUnits) == 0;

    private static ValueList<SuspenseShare> Share(DifferenceLifeRow row) => row.Open is { Left: { IsZero: false } left }
        ? [new(Account.Receivable(row.Finding.Channel), left)]
        : [];

    // Somebody may come between: then what was matched comes apart again.
    private async Task<int> Match(
        Group group, List<(Finding Finding, ValueList<SuspenseShare> Shares)> members, List<Finding> all,
        EventMetadata metadata)
    {
        var done = 0;
        foreach (var (member, shares) in members)
        {
            var handled = await Handle(member, (by, now) => new DifferenceCommand.Match(
                member, group.Rule, group.Version, group.With, shares, by, now), metadata);
            done += handled.Events.Count > 0 ? 1 : 0;
            if (handled.Rejection is null)
                continue;
            await Part([.. all.Where(one => one != member)], member.Id, metadata);
            return 0;
        }

        return done;
    }

    private async Task<int> Part(List<Finding> others, DifferenceId member, EventMetadata metadata)
    {
        var done = 0;
        foreach (var other in others)
            done += (await Handle(other, (by, now) => new DifferenceCommand.Part(
                other, member, $"{member} is not open", by, now), metadata)).Events.Count > 0 ? 1 : 0;
        return done;
    }

    private Task<Difference> Load(DifferenceId id) => desk.Load(id, CancellationToken.None);

    private Task<Handled<Difference, DifferenceEvent, DifferenceRejection>> Handle(
        Finding finding, Func<string, DateTimeOffset, DifferenceCommand> command, EventMetadata metadata) =>
        desk.Handle(command(metadata.Actor, time.GetUtcNow()), metadata, CancellationToken.None);

    /// <summary>What a version of a rule has taken together.</summary>
    private sealed record Group(string Rule, int Version, ValueList<DifferenceId> With)
    {
        private readonly string name = DifferenceRules.NameOf(Rule, Version, With);

        /// <summary>How this one was closed by it, also when people have undone that; null when it was not.</summary>
        public Closing? MeetingOf(Difference difference) =>
            (difference as Difference.Known)?.Life.Meetings.FirstOrDefault(meeting => meeting.With == name);
    }
}
