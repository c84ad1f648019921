using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>Reads the log in pages for whoever projects it: large ones ahead of the writer while there is much to do,
/// near the log's end what has come while the page before was written.</summary>
internal sealed class PageFeed(IEventLog log, EventCodec codec, TimeProvider time)
{
    private const int PageMax = 4096;

    // Under load a page has the events of this time at least: each page costs as much as some dozens of events. After
    // an idle moment the first event is handled at once.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly ProgressBell _bell = new();
    private long _written = -1;
    private long _head = -1;

    /// <summary>The newest event seen.</summary>
    public long Head => Interlocked.Read(ref _head);

    /// <summary>Tells that a page is in the tables.</summary>
    public void Written(long position)
    {
        Interlocked.Exchange(ref _written, position);
        _bell.Ring();
    }

    /// <summary>The pages after a position, up to another. Without a bound it waits for more and never ends.</summary>
    public async IAsyncEnumerable<Page> Pages(
        long from, long until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (from < until)
        {
            var raw = UpTo(until, await log.ReadAll(from, PageMax, cancellation));
            foreach (var page in Page.Of(raw, codec))
                yield return page;
            if (raw.Count > 0)
            {
                from = raw[^1].Position;
                Interlocked.Exchange(ref _head, from);
            }

            // Up to a bound nobody waits for more, and a short page need not be the last.
            if (until < long.MaxValue && raw.Count == 0)
                yield break;
            if (IsFull(raw) || until < long.MaxValue)
                continue;
            await More(from, raw.Count == 0, cancellation);
        }
    }

    private async Task More(long from, bool idle, CancellationToken cancellation)
    {
        if (idle)
        {
            await log.WaitPast(from, cancellation);
            return;
        }

        await _bell.Until(() => Interlocked.Read(ref _written) >= from, cancellation);
        await Task.Delay(Gathering, time, cancellation);
    }

    private static bool IsFull(IReadOnlyList<RecordedEvent> raw) =>
        raw.Count == PageMax || raw.Sum(recorded => (long)recorded.Payload.Length) >= PageLimit.Bytes;

    private static IReadOnlyList<RecordedEvent> UpTo(long until, IReadOnlyList<RecordedEvent> raw) =>
        raw.Count == 0 || raw[^1].Position <= until ? raw : [.. raw.TakeWhile(recorded => recorded.Position <= until)];
}
