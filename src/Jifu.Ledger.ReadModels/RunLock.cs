using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Keeps a second run away as long as this one lives, however it ends.</summary>
internal sealed class RunLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private RunLock(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    /// <returns>Null when another run has it.</returns>
    public static async Task<RunLock?> Take(NpgsqlDataSource owner, string name, CancellationToken cancellation)
    {
        var connection = await owner.OpenConnectionAsync(cancellation);
        var taken = new RunLock(connection, await connection.BeginTransactionAsync(cancellation));
        await using (var command = new NpgsqlCommand(
            "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", connection)
        {
            Parameters = { new() { Value = name } },
        })
        {
            if ((bool)(await command.ExecuteScalarAsync(cancellation))!)
                return taken;
        }

        await taken.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
