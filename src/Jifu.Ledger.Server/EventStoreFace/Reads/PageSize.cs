using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>How many events to read at once, so that one reader never holds much more than a few megabytes.</summary>
internal sealed class PageSize
{
    /// <summary>For pages that come whole, however large their events are after small ones: those of a stream, and of
    /// all streams backwards. The log itself ends the others after some megabytes.</summary>
    public const int WholeMax = 64;

    private const int EventsMax = 500;
    private const long BytesAimed = 2 << 20;

    // An event may have a mebibyte: begin as if all had much.
    private int _next = 16;

    /// <param name="most">How many are wanted in all.</param>
    public int Next(long most) => (int)Math.Min(_next, most);

    public void Learn(IReadOnlyList<RecordedEvent> page)
    {
        if (page.Count == 0)
            return;
        var average = Math.Max(page.Sum(one => (long)one.Payload.Length) / page.Count, 1);
        _next = (int)Math.Clamp(Math.Min(BytesAimed / average, _next * 4L), 1, EventsMax);
    }
}
