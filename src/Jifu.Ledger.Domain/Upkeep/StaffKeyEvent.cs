namespace Jifu.Ledger.Upkeep;

/// <summary>What happens to a key that belongs to no merchant, in its stream <c>staffkey-&lt;key id&gt;</c>. Who made
/// it, or ended it, is the event's actor.</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record StaffKeyEvent
{
    private StaffKeyEvent() { }

    /// <summary>The key may sign requests.</summary>
    /// <param name="Role">What it may do: <c>operator</c>, <c>auditor</c>, <c>event_writer</c>,
    /// <c>ledger_node</c>.</param>
    /// <param name="Fingerprint">SHA-256 of the secret, in hexadecimal; the secret itself is in no event.</param>
    /// <param name="Person">For whom it was made; null where that was not said.</param>
    public sealed record Added(
        string KeyId, string Role, string Fingerprint, DateTimeOffset At, string? Person = null) : StaffKeyEvent;

    /// <summary>It may sign nothing more; the id is never used again.</summary>
    public sealed record Revoked(string KeyId, DateTimeOffset At) : StaffKeyEvent;
}
