namespace Jifu.Ledger.Reconciliation;

/// <summary>Everything that can happen to what a channel's money is to repay of our T+0 advances (垫资): one stream a
/// channel, so that nothing is repaid twice by bookings that do not know of each other.</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record AdvanceEvent
{
    private AdvanceEvent() { }

    /// <summary>A part of what is advanced is set aside for a booking that is told next (归还预占). Posts nothing: the
    /// booking does.</summary>
    /// <param name="Open">Those before it that were not told by then, and it, last.</param>
    public sealed record Claimed(Channel Channel, ValueList<AdvanceClaim> Open, DateTimeOffset At) : AdvanceEvent;
}

/// <summary>What a booking is to repay.</summary>
/// <param name="Day">In whose stream the booking is told.</param>
/// <param name="Version">Of that stream, after which it is told. Once the stream has gone on it was told, or never will
/// be.</param>
/// <param name="Booking">What is booked: <c>funds</c>, <c>rest:…</c> or <c>withdrawal:…</c>.</param>
public sealed record AdvanceClaim(BusinessDay Day, long Version, string Booking, Money Repaid);
