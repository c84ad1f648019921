using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>Positions that the journal has reached. It is a moment behind the log; whoever asks about the newest event
/// waits for it, unless it has stopped before.</summary>
internal sealed class JournalReach(LogPoints points, AccountStory story, Projector projector, TimeProvider time)
{
    private const string Journal = "journal";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The position that is meant, once the journal holds it.</summary>
    public async Task<(long Position, Problem? Problem)> Resolve(
        string parameter, string text, CancellationToken cancellation)
    {
        var (position, problem) = await points.Resolve(parameter, text, cancellation);
        if (problem is not null)
            return (position, problem);
        var began = TimeProvider.System.GetTimestamp();
        while (await story.Position(cancellation) is var reached && reached < position)
        {
            if (Fault() is { } fault && fault.Position <= position)
                return (position, Stopped(fault, reached));
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                return (position, new("unavailable", FormattableString.Invariant(
                    $"The journal is at position {reached} and has not come to {position} yet.")));
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
        }

        return (position, null);
    }

    private ProjectionFault? Fault() => projector.Status.First(one => one.Name == Journal).Fault;

    private static Problem Stopped(ProjectionFault fault, long reached) => new(
        "fold_stopped", FormattableString.Invariant(
            $"The projection {Journal} has stopped at event {fault.Position} ({fault.Type}) and holds what came up to ")
        + FormattableString.Invariant($"{reached}: {fault.Reason}"));
}
