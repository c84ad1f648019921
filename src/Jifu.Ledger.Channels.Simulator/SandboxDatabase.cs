using Npgsql;

namespace Jifu.Ledger.Channels.Simulator;

/// <summary>One moment at the channel: a transaction, and the time at which all in it happens.</summary>
/// <param name="Now">By the sandbox's clock, in whole seconds, as in the bill.</param>
internal sealed record SandboxMoment(NpgsqlConnection Connection, DateTime Now)
{
    public BusinessDay Day => BusinessDay.Of(Now);

    /// <summary>The first digits of a number given at this moment.</summary>
    public string DayDigits => $"{Day.Date:yyyyMMdd}";
}

/// <summary>What the sandbox remembers, in transactions.</summary>
/// <remarks>
/// Trade takes its time after a lock that all trade shares and that the fixing of a bill holds alone. So when a bill is
/// fixed, everything that happened on its day is committed, and nothing more can happen on it.
/// </remarks>
internal sealed class SandboxDatabase(NpgsqlDataSource source, SandboxClock clock)
{
    private const long LockKey = 0x4A49_4655_0010;

    public NpgsqlDataSource Source => source;

    /// <summary>Carries out trade, beside other trade.</summary>
    public Task<T> Trade<T>(Func<SandboxMoment, Task<T>> work, CancellationToken cancellation) =>
        Carry($"SELECT pg_advisory_xact_lock_shared({LockKey})", work, cancellation);

    /// <summary>Carries out what no trade may happen beside.</summary>
    public Task<T> Alone<T>(Func<SandboxMoment, Task<T>> work, CancellationToken cancellation) =>
        Carry($"SELECT pg_advisory_xact_lock({LockKey})", work, cancellation);

    private async Task<T> Carry<T>(string take, Func<SandboxMoment, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
#pragma warning disable CA2100 // One of the two constants above.
        await using (var command = new NpgsqlCommand(take, connection))
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellation);

        var now = clock.GetUtcNow().UtcDateTime;
        var result = await work(new(connection, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond))));
        await transaction.CommitAsync(cancellation);
        return result;
    }
}
