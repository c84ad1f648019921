namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>How much the log takes on at once. Everything that waits is bounded.</summary>
/// <param name="QueueAppendsMax">The most appends that wait; one more is refused at once.</param>
/// <param name="QueueBytesMax">The most payload bytes that wait.</param>
/// <param name="BatchAppendsMax">The most appends in one transaction.</param>
/// <param name="BatchBytesMax">The payload bytes at which a transaction is full; one append may go beyond.</param>
/// <param name="HeadsMax">The most streams whose version is remembered.</param>
/// <param name="RecentEventsMax">The most events of its own that a process remembers for those who follow.</param>
/// <param name="RecentBytesMax">The most memory that they take, about.</param>
/// <param name="WaitMax">How long an append may wait for its answer; null for ten seconds.</param>
public sealed record EventLogLimits(
    int QueueAppendsMax = 16_384, long QueueBytesMax = 64 << 20, int BatchAppendsMax = 1_000,
    long BatchBytesMax = 4 << 20, int HeadsMax = 200_000, int RecentEventsMax = 16_384,
    long RecentBytesMax = 16 << 20, TimeSpan? WaitMax = null)
{
    internal TimeSpan Wait => WaitMax ?? TimeSpan.FromSeconds(10);
}
