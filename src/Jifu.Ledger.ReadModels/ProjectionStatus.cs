namespace Jifu.Ledger.ReadModels;

/// <summary>How a projection is doing.</summary>
/// <param name="Position">The last event it has applied; -1 for none.</param>
/// <param name="Head">The newest event when it last looked.</param>
/// <param name="Stopped">Why it stopped and at which position; null while it goes on.</param>
/// <param name="Fault">The event that it cannot apply; null while it goes on.</param>
public sealed record ProjectionStatus(
    string Name, long Position, long Head, string? Stopped, ProjectionFault? Fault = null)
{
    /// <summary>How many events it is behind.</summary>
    public long Lag => Math.Max(0, Head - Position);
}

/// <summary>An event that a projection cannot apply: it waits there.</summary>
/// <param name="Position">Of the event.</param>
/// <param name="Type">Of the event, as the log has it.</param>
/// <param name="Reason">What was wrong, for people.</param>
/// <param name="Since">When it was first met by this process, UTC.</param>
public sealed record ProjectionFault(long Position, string Type, string Reason, DateTimeOffset Since);
