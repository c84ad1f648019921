using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A statement touched another number of rows than it must: the rows and the log do not fit
/// together.</summary>
public sealed class ViewMismatchException(string message) : Exception(message);

/// <summary>Another process has moved the checkpoint; nothing was written. Read it again.</summary>
internal sealed class CheckpointMovedException : Exception;

/// <summary>Writes what projections made of a page, with their checkpoints, in one transaction.</summary>
internal static class PageWriter
{
    /// <exception cref="CheckpointMovedException">A checkpoint was not where it was thought to be; nothing was
    /// written.</exception>
    /// <exception cref="ViewMismatchException">A statement touched a wrong number of rows; nothing was
    /// written.</exception>
    public static async Task Write(
        NpgsqlConnection connection, string schema, IReadOnlyList<Statement> checkpoints,
        IReadOnlyList<Statement> statements, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);

        // Losing the last moments of a view costs nothing: its checkpoint goes with its rows, and the log has it all.
        batch.BatchCommands.Add(new(
            "SELECT set_config('synchronous_commit', 'off', true), set_config('search_path', @schema, true)")
        {
            Parameters = { new() { ParameterName = "schema", Value = schema } },
        });
        foreach (var statement in checkpoints.Concat(statements))
            batch.BatchCommands.Add(statement.ToCommand());
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation
            && Enumerable.Range(1, checkpoints.Count).Any(i => batch.BatchCommands[i].RecordsAffected == 0))
        {
            // The rows that are there already are what the other process wrote.
            throw new CheckpointMovedException();
        }

        for (var i = 0; i < checkpoints.Count + statements.Count; i++)
        {
            var statement = i < checkpoints.Count ? checkpoints[i] : statements[i - checkpoints.Count];
            var touched = batch.BatchCommands[i + 1].RecordsAffected;
            if (statement.Rows < 0 || touched == statement.Rows)
                continue;
            if (i < checkpoints.Count)
                throw new CheckpointMovedException();
            throw new ViewMismatchException(FormattableString.Invariant(
                $"Touched {touched} rows instead of {statement.Rows}: {statement.Text}"));
        }

        await transaction.CommitAsync(cancellation);
    }
}
