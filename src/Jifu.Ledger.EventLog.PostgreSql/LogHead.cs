using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Where the log ends: what the next event follows and is chained to.</summary>
/// <param name="Position">Of the last event; -1 in an empty log.</param>
/// <param name="Link">Of the last event; zeros in an empty log.</param>
/// <param name="RecordedAt">Of the last event: time never goes back within a log.</param>
internal readonly record struct LogHead(long Position, ReadOnlyMemory<byte> Link, DateTimeOffset RecordedAt)
{
    public static readonly LogHead Empty = new(-1, new byte[EventLink.Size], DateTimeOffset.MinValue);

    /// <summary>When an event that follows is recorded: now, in whole microseconds, as it is hashed and
    /// stored.</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        var whole = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        return whole > RecordedAt ? whole : RecordedAt;
    }
}
