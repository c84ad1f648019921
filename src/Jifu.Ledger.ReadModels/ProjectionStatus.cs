namespace Jifu.Ledger.ReadModels;

/// <summary>How a projection is doing.</summary>
/// <param name="Position">The last event it has applied; -1 for none.</param>
/// <param name="Head">The newest event when it last looked.</param>
/// <param name="Stopped">Why it stopped and at which position; null while it goes on.</param>
public sealed record ProjectionStatus(string Name, long Position, long Head, string? Stopped)
{
    /// <summary>How many events it is behind.</summary>
    public long Lag => Math.Max(0, Head - Position);
}
