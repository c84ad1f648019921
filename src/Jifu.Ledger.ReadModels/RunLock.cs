using System.Data;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Keeps a second run away as long as this one's session lives, however it ends.</summary>
/// <remarks>Whatever needs the lock goes over <see cref="Connection"/> itself: when that is lost, so is the lock, and
/// nothing more comes through.</remarks>
internal sealed class RunLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private RunLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>The session that holds it.</summary>
    /// <exception cref="NpgsqlException">It was lost, and another run may have begun.</exception>
    public NpgsqlConnection Connection => _connection.State == ConnectionState.Open
        ? _connection
        : throw new NpgsqlException("The connection that kept other runs away was lost.");

    /// <returns>Null when another run has it.</returns>
    public static async Task<RunLock?> Take(NpgsqlDataSource owner, string name, CancellationToken cancellation)
    {
        var taken = new RunLock(await owner.OpenConnectionAsync(cancellation));
        try
        {
            // However long it waits in between, the server does not end the session.
            await using var command = new NpgsqlCommand(
                """
                SELECT pg_try_advisory_lock(hashtextextended($1, 0)),
                    set_config('idle_session_timeout', '0', false),
                    set_config('idle_in_transaction_session_timeout', '0', false)
                """, taken._connection)
            {
                Parameters = { new() { Value = name } },
            };
            if ((bool)(await command.ExecuteScalarAsync(cancellation))!)
                return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }

        await taken.DisposeAsync();
        return null;
    }

    /// <exception cref="NpgsqlException">It was lost, and another run may have begun.</exception>
    public async Task Demand(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT 1", Connection);
        await command.ExecuteScalarAsync(cancellation);
    }

    // The pool may keep the session.
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", _connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // It is gone, and the lock with it.
        }

        await _connection.DisposeAsync();
    }
}
