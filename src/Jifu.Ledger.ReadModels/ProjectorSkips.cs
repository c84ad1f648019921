using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>How a projection comes past an event that people leave out.</summary>
public sealed partial class Projector
{
    /// <summary>Takes a projection past an event, if it stands right before it and that is decided.</summary>
    /// <remarks>Its checkpoint is held meanwhile, so that no process applies what is being left out. Killed between the
    /// two, the decision is in the log, and the projection passes the event as soon as it finds that.</remarks>
    /// <param name="decide">Writes the decision down; true when it stands.</param>
    /// <returns>False when it does not stand there, or it was not decided.</returns>
    public async Task<bool> Pass(
        string projection, long position, Func<Task<bool>> decide, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(decide);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // Whoever decides asks the log, which may take longer than an idle transaction lives.
        await using (var patient = new NpgsqlCommand(
            "SET LOCAL idle_in_transaction_session_timeout = '60s'", connection))
            await patient.ExecuteNonQueryAsync(cancellation);
        await using var hold = new NpgsqlCommand(
            "SELECT position FROM views.checkpoint WHERE projection = $1 FOR UPDATE", connection)
        {
            Parameters = { new() { Value = projection } },
        };
        if (await hold.ExecuteScalarAsync(cancellation) is not long before || before >= position
            || await log.ReadAll(before, 1, cancellation) is not [var next] || next.Position != position
            || !await decide())
            return false;
        await using var move = new NpgsqlCommand(
            "UPDATE views.checkpoint SET position = $2 WHERE projection = $1", connection)
        {
            Parameters = { new() { Value = projection }, new() { Value = position } },
        };
        await move.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);

        // Whoever follows here goes on at once; in other processes it is found by looking.
        _doubted = true;
        _passed.TrySetResult();
        return true;
    }
}
