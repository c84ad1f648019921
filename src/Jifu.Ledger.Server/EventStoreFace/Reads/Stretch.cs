using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>Reads events after a number, in order: versions of one stream, or positions of all.</summary>
internal delegate Task<IReadOnlyList<RecordedEvent>> PageReader(
    long after, int countMax, CancellationToken cancellation);

/// <summary>A part of the log, page by page; its events are numbered without gaps.</summary>
/// <param name="read">Reads a page forwards.</param>
/// <param name="number">The number of an event.</param>
/// <param name="last">The number of the last event of all, as it was when the stretch was asked for.</param>
internal sealed class Stretch(PageReader read, Func<RecordedEvent, long> number, long last)
{
    private readonly PageSize _size = new();

    /// <summary>From the event after a number to the last.</summary>
    /// <param name="countMax">How many are wanted; more than that is not read.</param>
    public async IAsyncEnumerable<RecordedEvent> Forwards(
        long after, long countMax, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var left = Math.Min(countMax, last - after); left > 0;)
        {
            var page = await Page(after, _size.Next(left), cancellation);
            _size.Learn(page);
            foreach (var recorded in page)
                yield return recorded;
            left -= page.Count;
            after += page.Count;
        }
    }

    /// <summary>From the event before a number to the first.</summary>
    /// <inheritdoc cref="Forwards"/>
    public async IAsyncEnumerable<RecordedEvent> Backwards(
        long before, long countMax, [EnumeratorCancellation] CancellationToken cancellation)
    {
        before = Math.Min(before, last + 1);
        for (var left = Math.Min(countMax, before); left > 0;)
        {
            var count = _size.Next(Math.Min(left, PageSize.WholeMax));
            var page = await Whole(before - count - 1, count, cancellation);
            _size.Learn(page);
            for (var i = page.Count - 1; i >= 0; i--)
                yield return page[i];
            left -= count;
            before -= count;
        }
    }

    // A short page says nothing, and what it lacks stands at its end: nobody who goes backwards would come by there
    // again.
    private async Task<IReadOnlyList<RecordedEvent>> Whole(long after, int count, CancellationToken cancellation)
    {
        var whole = new List<RecordedEvent>(count);
        while (whole.Count < count)
            whole.AddRange(await Page(after + whole.Count, count - whole.Count, cancellation));

        return whole;
    }

    private async Task<IReadOnlyList<RecordedEvent>> Page(long after, int countMax, CancellationToken cancellation)
    {
        var page = await read(after, countMax, cancellation);
        var missing = Gap.In(page, number, after) ?? (page.Count > 0 ? null : after + 1);
        return missing is null
            ? page
            : throw new InvalidDataException($"Number {missing} is not there; the last is {last}.");
    }
}
