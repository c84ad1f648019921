namespace Jifu.Ledger.Upkeep;

/// <summary>What people decided about one projection, in its stream <c>projection-&lt;name&gt;</c>.</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record ProjectionEvent
{
    private ProjectionEvent() { }

    /// <summary>An event that the projection cannot apply is left out of it, now and whenever it is made
    /// again.</summary>
    /// <param name="Position">Of the event that is left out.</param>
    /// <param name="Type">Of that event, so that the record can be read without it.</param>
    public sealed record EventSkipped(
        string Projection, long Position, string Type, string Reason, DateTimeOffset At) : ProjectionEvent;
}
