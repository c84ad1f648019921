using Npgsql;

namespace Jifu.Ledger.Channels.Simulator;

/// <summary>The sandbox's business clock: the system's clock plus an offset that is kept in the database and only ever
/// grows, so that a whole business day can be played in minutes.</summary>
/// <remarks>
/// Reading it is cheap: the offset is read from the database once, and again whenever it is changed here. Timers made
/// from it, and its timestamps for measuring, are those of the system.
/// </remarks>
public sealed class SandboxClock(NpgsqlDataSource database, TimeProvider system) : TimeProvider
{
    private const long NotLoaded = -1;

    private long _offsetMicroseconds = NotLoaded;

    /// <summary>The furthest that one leap may go.</summary>
    public static readonly TimeSpan LargestLeap = TimeSpan.FromDays(366);

    /// <summary>The system's clock, for what is about machines.</summary>
    public TimeProvider SystemClock => system;

    public override DateTimeOffset GetUtcNow() => system.GetUtcNow() + TimeSpan.FromMicroseconds(Offset);

    /// <summary>Moves the clock forward; null when that is done, else why it was not.</summary>
    public async Task<ClockRefusal?> AdvanceTo(DateTimeOffset instant, CancellationToken cancellation)
    {
        var (now, systemNow) = (GetUtcNow(), system.GetUtcNow());
        if (instant <= now)
            return ClockRefusal.ClockOnlyForward;
        if (instant - now > LargestLeap)
            return ClockRefusal.ClockLeapTooLong;

        var offset = (instant - systemNow).Ticks / TimeSpan.TicksPerMicrosecond;
        await using var move = database.CreateCommand(
            "UPDATE sandbox.clock SET offset_us = $1 WHERE offset_us < $1");
        move.Parameters.Add(new() { Value = offset });

        // Somebody else has moved it further in the meantime.
        if (await move.ExecuteNonQueryAsync(cancellation) == 0)
            return ClockRefusal.ClockOnlyForward;
        RaiseTo(offset);
        return null;
    }

    private long Offset => Volatile.Read(ref _offsetMicroseconds) is >= 0 and var known ? known : Load();

    // Asking the time cannot wait, so the first who asks blocks for one small query.
    private long Load()
    {
        using var read = database.CreateCommand("SELECT offset_us FROM sandbox.clock");
        return RaiseTo((long)read.ExecuteScalar()!);
    }

    private long RaiseTo(long offset)
    {
        while (Volatile.Read(ref _offsetMicroseconds) is var known && known < offset)
        {
            if (Interlocked.CompareExchange(ref _offsetMicroseconds, offset, known) == known)
                return offset;
        }

        return Volatile.Read(ref _offsetMicroseconds);
    }
}

/// <summary>Why the sandbox's clock was not moved.</summary>
public enum ClockRefusal
{
    /// <summary>It shows that time already, or a later one.</summary>
    ClockOnlyForward,

    /// <summary>Further than <see cref="SandboxClock.LargestLeap"/> at once.</summary>
    ClockLeapTooLong,
}
