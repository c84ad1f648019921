namespace Jifu.Ledger.EventLog.Search;

/// <summary>Finds events by what is written on them, in the order of the log or against it.</summary>
/// <remarks>One search looks at a bounded number of events, so that no question holds a server up: a page may hold
/// few events or none, and say that there is more. Whoever wants the rest goes on from where it ended.</remarks>
public interface IEventSearch
{
    /// <summary>The first events after a position that the filter lets through, oldest first.</summary>
    Task<FoundEvents> After(long position, EventFilter filter, int countMax, CancellationToken cancellation);

    /// <summary>The last events before a position that the filter lets through, newest first.</summary>
    Task<FoundEvents> Before(long position, EventFilter filter, int countMax, CancellationToken cancellation);
}

/// <summary>What a search found.</summary>
/// <param name="Events">In the order of the search.</param>
/// <param name="Reached">Where it ended: the position after, or before, which the next search begins.</param>
/// <param name="IsWhole">True when there is nothing more for now.</param>
public sealed record FoundEvents(IReadOnlyList<RecordedEvent> Events, long Reached, bool IsWhole);
