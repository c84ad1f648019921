using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.ReadModels;

/// <summary>Events that are folded and written together; or a single one that this program cannot read.</summary>
/// <param name="Events">In the order of the log; empty when the page is the unreadable event.</param>
/// <param name="Last">The last event of the page as the log has it.</param>
/// <param name="Unreadable">Why it does not read: an unknown type, or bytes that do not fit its type.</param>
internal sealed record Page(IReadOnlyList<Recorded<object>> Events, RecordedEvent Last, Exception? Unreadable)
{
    /// <summary>What the unreadable event is by its type; null when the type does not tell.</summary>
    public Type? Case { get; private init; }

    public long To => Last.Position;

    /// <summary>Of every event in it.</summary>
    public IEnumerable<long> Positions =>
        Unreadable is null ? Events.Select(recorded => recorded.Position) : [Last.Position];

    /// <summary>True when a projection must not pass the unreadable event. What does not even tell its type concerns
    /// everyone: it may move money.</summary>
    public bool Parks(IProjection projection) =>
        Unreadable is not null && (Case is null || projection.LooksAt.Any(type => type.IsAssignableFrom(Case)));

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
            yield return new([], raw[i], why) { Case = codec.CaseOf(raw[i]) };
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
