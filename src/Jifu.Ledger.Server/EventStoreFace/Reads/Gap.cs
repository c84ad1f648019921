using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>A number that no event has, though one after it has one. The log is numbered without gaps: whoever reads
/// over one would never know of an event that was taken away.</summary>
internal static class Gap
{
    /// <returns>The first one in a page after a number; null for none.</returns>
    public static long? In(IReadOnlyList<RecordedEvent> page, Func<RecordedEvent, long> number, long after)
    {
        for (var i = 0; i < page.Count; i++)
            if (number(page[i]) != after + 1 + i)
                return after + 1 + i;
        return null;
    }
}
