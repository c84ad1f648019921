using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>Events that are folded and written together; or a single one that this program cannot read.</summary>
/// <param name="Events">In the order of the log; empty when the page is the unreadable event.</param>
/// <param name="Last">The last event of the page as the log has it.</param>
/// <param name="Unreadable">Why it does not read: an unknown type, or bytes that do not fit its type.</param>
internal sealed record Page(IReadOnlyList<Recorded<object>> Events, RecordedEvent Last, Exception? Unreadable)
{
    public long To => Last.Position;

    /// <summary>Of every event in it.</summary>
    public IEnumerable<long> Positions =>
        Unreadable is null ? Events.Select(recorded => recorded.Position) : [Last.Position];

    /// <summary>Cuts what was read into pages: runs of events that read, and each one that does not by
    /// itself.</summary>
    public static IEnumerable<Page> Of(IReadOnlyList<RecordedEvent> raw, EventCodec codec)
    {
        var events = new List<Recorded<object>>(raw.Count);
        for (var i = 0; i < raw.Count; i++)
        {
            if (Decoded(codec, raw[i], out var why) is { } recorded)
            {
                events.Add(recorded);
                continue;
            }

            if (events.Count > 0)
                yield return new(events, raw[i - 1], null);
            yield return new([], raw[i], why);
            events = [];
        }

        if (events.Count > 0)
            yield return new(events, raw[^1], null);
    }

    private static Recorded<object>? Decoded(EventCodec codec, RecordedEvent raw, out Exception? why)
    {
        try
        {
            why = null;
            return codec.Decode<object>(raw);
        }
#pragma warning disable CA1031 // Whatever is wrong with it, it does not read, and people are told where.
        catch (Exception e)
#pragma warning restore CA1031
        {
            why = e;
            return null;
        }
    }
}
