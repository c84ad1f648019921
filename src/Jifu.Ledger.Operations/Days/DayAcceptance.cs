using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Days;

/// <summary>What of a channel's day is not explained when it is closed.</summary>
/// <param name="Open">Differences of the day that wait for somebody.</param>
/// <param name="Over">What is in suspense for those by which the channel has more than we do.</param>
/// <param name="Short">The same of those by which it has less; negative.</param>
/// <param name="LastFound">Where in the log the newest of them was found or opened again; 0 when there is none.</param>
/// <param name="Apart">What came to the bank beyond what the bill in place says; negative when it was less.</param>
/// <param name="Accepted">The word by which somebody closed the day with all of this; null when nobody did.</param>
public sealed record UnexplainedDay(
    Channel Channel, int Open, Money Over, Money Short, long LastFound, Money Apart,
    ReconciliationEvent.DifferencesAccepted? Accepted)
{
    // Whoever said so has seen it. What was closed since, or came right, takes nothing back of that.
    internal bool IsIn(ReconciliationEvent.DifferencesAccepted? said) => said is not null
        && Open <= said.Open && LastFound <= said.LastFound && !(Over > said.Over) && !(Short < said.Short)
        && (Apart.IsZero || Apart == said.Apart);
}

/// <summary>Lets somebody close a day although not all of it is explained (带差异日结).</summary>
/// <remarks>The differences stay open, and nothing is booked; what was accepted, by whom and why is told in the day's
/// own stream. What is found or opened again later was not
/// accepted by it.</remarks>
public sealed class DayAcceptance(
    DayStreams days, DifferenceQueries differences, ThreeSidesQueries sides, Projector views, TimeProvider time)
{
    /// <summary>What of the day is not explained, channel by channel; none when all is.</summary>
    public async Task<IReadOnlyList<UnexplainedDay>> Of(BusinessDay day, CancellationToken cancellation)
    {
        var open = (await differences.OpenOfDay(day, cancellation)).ToDictionary(row => row.Channel);
        var apart = (await sides.OfDay(day, cancellation)).Where(side => side.Bank == "differs")
            .ToDictionary(side => side.Channel, side => (side.FundsMinor ?? 0) - (side.TheirNetMinor ?? 0));
        var found = new List<UnexplainedDay>();
        foreach (var name in open.Keys.Union(apart.Keys).Order(StringComparer.Ordinal))
        {
            var (row, channel) = (open.GetValueOrDefault(name), ChannelNames.Parse(name));
            var currency = row is null ? Currency.CNY : Enum.Parse<Currency>(row.Currency);
            var one = new UnexplainedDay(
                channel, row?.Open ?? 0, new(row?.OverMinor ?? 0, currency), new(row?.ShortMinor ?? 0, currency),
                row?.LastFound ?? 0, new(apart.GetValueOrDefault(name), currency), null);
            var said = (await days.Load(channel, day, cancellation)).Day.Accepted;
            found.Add(one.IsIn(said) ? one with { Accepted = said } : one);
        }

        return found;
    }

    /// <summary>Accepts all that is not explained of the day. What was accepted before is not told again.</summary>
    /// <returns>As <see cref="Of"/>.</returns>
    public async Task<IReadOnlyList<UnexplainedDay>> Accept(
        BusinessDay day, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        while (true)
        {
            // What the day is told while we look is not accepted unseen: a difference is found in the same stream.
            var versions = new Dictionary<Channel, long>();
            foreach (var one in await Of(day, cancellation))
                versions[one.Channel] = (await days.Load(one.Channel, day, cancellation)).Version;
            await views.WaitForHead(cancellation);
            var seen = await Of(day, cancellation);
            if (seen.All(one => one.Accepted is not null))
                return seen;
            foreach (var one in seen.Where(one => one.Accepted is null && versions.ContainsKey(one.Channel)))
                await days.Append(
                    one.Channel, day, versions[one.Channel],
                    [
                        new ReconciliationEvent.DifferencesAccepted(
                            one.Channel, day, one.Open, one.Over, one.Short, one.LastFound, one.Apart, reason,
                            metadata.Actor, time.GetUtcNow().ToOffset(BusinessDay.Offset)),
                    ],
                    metadata);
        }
    }
}
