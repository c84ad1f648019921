using System.Runtime.CompilerServices;

namespace Jifu.Ledger.EventLog;

/// <summary>A subscription that catches up and then follows: what projections and watchers read from.</summary>
public static class CatchUp
{
    /// <summary>Every event after a position, in order, in pages; waits for more at the end and never ends by
    /// itself.</summary>
    /// <param name="log">The log to follow.</param>
    /// <param name="afterPosition">The last position already handled; -1 for none.</param>
    /// <param name="pageMax">The most events in one page. No page is empty.</param>
    /// <param name="cancellation">Ends it, with <see cref="OperationCanceledException"/>.</param>
    public static async IAsyncEnumerable<IReadOnlyList<RecordedEvent>> Follow(
        this IEventLog log, long afterPosition, int pageMax, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageMax);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = await log.ReadAll(afterPosition, pageMax, cancellation);
            if (page.Count == 0)
            {
                await log.WaitPast(afterPosition, cancellation);
                continue;
            }

            yield return page;
            afterPosition = page[^1].Position;
        }
    }
}
