using Dapper;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Compares the log with what was made of it.</summary>
internal static class LogAge
{
    private const int AttemptsMax = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Refuses views or notices that have seen events which the log does not hold: they would wait for their
    /// position, and never see what is written until then.</summary>
    /// <exception cref="InvalidOperationException">An older log stands under newer views.</exception>
    public static async Task MustCoverViews(IEventLog log, Databases databases, CancellationToken cancellation)
    {
        await using var connection = await databases.Durable.OpenConnectionAsync(cancellation);
        var seen = await connection.QueryAsync<(string Name, long Position)>(new("""
            SELECT 'the view ' || projection, position FROM views.checkpoint
            UNION ALL
            SELECT 'the notices to merchants', position FROM notices.checkpoint
            ORDER BY 2 DESC
            """, cancellationToken: cancellation));

        for (var attempt = 1; ; attempt++)
        {
            // Asked after the views: whoever is at work meanwhile only makes the log longer.
            var end = await End(log, cancellation);
            if (seen.FirstOrDefault(one => one.Position > end) is not { Name: not null } ahead)
                return;

            // A node of a cluster that has just been elected may not have found all that is in its own files.
            if (log.IsGapless || attempt == AttemptsMax)
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"the log ends at position {end}, but {ahead.Name} has seen position {ahead.Position}. ")
                    + "An older log stands under newer views: put both back from the same backup "
                    + "(docs/operating/troubles.md).");
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    // A cluster of event stores has no leader for a while after its start.
    private static async Task<long> End(IEventLog log, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await log.Head(cancellation);
            }
            catch (EventLogUnavailableException) when (attempt < AttemptsMax)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }
}
