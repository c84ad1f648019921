using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>Positions that the journal has reached. It is a moment behind the log; whoever asks about the newest event
/// waits for it.</summary>
internal sealed class JournalReach(LogPoints points, AccountStory story, TimeProvider time)
{
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
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                return (position, new("unavailable", FormattableString.Invariant(
                    $"The journal is at position {reached} and has not come to {position} yet.")));
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
        }

        return (position, null);
    }
}
