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
    /// <param name="checkpoint">What it must move first; null where there is none.</param>
    /// <exception cref="CheckpointMovedException">A checkpoint was not where it was thought to be; nothing was
    /// written.</exception>
    /// <exception cref="ViewMismatchException">A statement touched a wrong number of rows; nothing was
    /// written.</exception>
    public static async Task Write(
        NpgsqlConnection connection, string schema, Statement? checkpoint, IReadOnlyList<Statement> statements,
        CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction);

        // Losing the last moments of a view costs nothing: its checkpoint goes with its rows, and the log has it all.
        batch.BatchCommands.Add(new(
            "SELECT set_config('synchronous_commit', 'off', true), set_config('search_path', @schema, true)")
        {
            Parameters = { new() { ParameterName = "schema", Value = schema } },
        });
        IReadOnlyList<Statement> all = checkpoint is null ? statements : [checkpoint, .. statements];
        foreach (var statement in all)
            batch.BatchCommands.Add(statement.ToCommand());
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation
            && checkpoint is not null && (long)batch.BatchCommands[1].RecordsAffected < checkpoint.Rows)
        {
            // The rows that are there already are what the other process wrote.
            throw new CheckpointMovedException();
        }

        for (var i = 0; i < all.Count; i++)
            Check(all[i], (long)batch.BatchCommands[i + 1].RecordsAffected, checkpoint);
        await transaction.CommitAsync(cancellation);
    }

    private static void Check(Statement statement, long touched, Statement? checkpoint)
    {
        if (statement.Rows < 0 || touched == statement.Rows)
            return;
        if (ReferenceEquals(statement, checkpoint))
            throw new CheckpointMovedException();
        throw new ViewMismatchException(FormattableString.Invariant(
            $"Touched {touched} rows instead of {statement.Rows}: {statement.Text}"));
    }
}
