using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Upkeep;

namespace Jifu.Ledger.Operations.Upkeep;

/// <summary>Why an event is not left out of a projection.</summary>
public enum SkipRejection
{
    ProjectionNotFound,
    ProjectionNotStoppedThere,
}

/// <summary>Records that a person leaves an event out of a projection that cannot apply it.</summary>
/// <remarks>Only the event at which the projection stands stopped can be left out: one that it has applied already,
/// also by another server and just now, would make the live rows and a rebuild differ.</remarks>
public sealed class SkipDesk(IEventLog log, IdSource ids, Projector views, TimeProvider time)
{
    private const int AttemptsMax = 3;

    /// <returns>Null when it is recorded, now or by an earlier request of the same.</returns>
    public async Task<Refusal?> Skip(
        string projection, long position, string reason, EventMetadata metadata, CancellationToken cancellation)
    {
        if (views.Status.FirstOrDefault(status => status.Name == projection) is not { } status)
            return Refusal.Of(
                SkipRejection.ProjectionNotFound,
                $"There is no projection {projection}. There are "
                    + $"{string.Join(", ", views.Status.Select(one => one.Name))}.");
        var stream = Skips.StreamOf(projection);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var history = await log.Load<ProjectionEvent>(LedgerEvents.Codec, stream, cancellation);
            if (history.Events.OfType<ProjectionEvent.EventSkipped>().Any(skip => skip.Position == position))
                return null;
            if (status.Fault is not { } fault || fault.Position != position)
            {
                return Refusal.Of(SkipRejection.ProjectionNotStoppedThere, status.Stopped is { } stopped
                    ? $"{projection} has stopped {stopped}"
                    : $"{projection} goes on, at position {status.Position}.");
            }

            var skip = new ProjectionEvent.EventSkipped(
                projection, position, fault.Type, reason, time.GetUtcNow().ToOffset(BusinessDay.Offset));
            var conflict = false;
            if (await views.Pass(projection, position, async () => !(conflict = await Conflicts(skip)), cancellation))
                return null;
            if (!conflict)
                return Refusal.Of(
                    SkipRejection.ProjectionNotStoppedThere, $"{projection} does not stand there any more.");

            async Task<bool> Conflicts(ProjectionEvent @event) => (await log.TryAppend(
                LedgerEvents.Codec, ids, stream, history.Version, [@event], metadata, cancellation))
                .Outcome == AppendOutcome.Conflict;
        }

        throw new StreamContendedException(stream, AttemptsMax);
    }
}
