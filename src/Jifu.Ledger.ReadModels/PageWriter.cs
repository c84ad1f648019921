using System.Data;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A statement touched another number of rows than it must: the rows and the log do not fit
/// together.</summary>
/// <param name="message">For people.</param>
/// <param name="sql">The statement, for whoever reads the server's log; null when it was none.</param>
public sealed class ViewMismatchException(string message, string? sql = null) : Exception(message)
{
    public override string ToString() => sql is null ? base.ToString() : $"{base.ToString()}\n{sql}";
}

/// <summary>Another process has moved the checkpoint; nothing was written. Read it again.</summary>
internal sealed class CheckpointMovedException : Exception;

/// <summary>Writes what projections made of a page, with their checkpoints, in one transaction.</summary>
internal static class PageWriter
{
    // Millions of rows take minutes. Cut off before its end, such a statement would begin anew for ever.
    private const int LongestSeconds = 3_600;

    /// <param name="checkpoint">What it must move first; null where there is none.</param>
    /// <exception cref="CheckpointMovedException">A checkpoint was not where it was thought to be; nothing was
    /// written.</exception>
    /// <exception cref="ViewMismatchException">A statement touched a wrong number of rows; nothing was
    /// written.</exception>
    public static async Task Write(
        NpgsqlConnection connection, string schema, Statement? checkpoint, IReadOnlyList<Statement> statements,
        CancellationToken cancellation)
    {
        // The driver calls a connection that was lost while idle a wrong use of it, which would look like our fault.
        if (connection.State != ConnectionState.Open)
            throw new NpgsqlException("The connection was lost.");
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var begin = new List<Statement> { Begin(schema) };
        if (checkpoint is not null)
            begin.Add(checkpoint);
        var waiting = begin;
        foreach (var statement in statements)
        {
            if (statement is { CopyText: null, TakesItsTime: false })
            {
                waiting.Add(statement);
                continue;
            }

            await Execute(connection, waiting, checkpoint, cancellation);
            waiting = [];
            if (statement.TakesItsTime)
                await Execute(connection, [statement], null, cancellation);
            else
                await Copy(connection, statement, cancellation);
        }

        await Execute(connection, waiting, checkpoint, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // Losing the last moments of a view costs nothing: its checkpoint goes with its rows, and the log has it all.
    // All that is changed is found by an index. A plan made while a table was small would read the whole of it for each
    // page, and be kept when it has grown.
    private static Statement Begin(string schema) => new(
        """
        SELECT set_config('synchronous_commit', 'off', true), set_config('search_path', @schema, true),
            set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """, -1,
        ("schema", schema));

    private static async Task Copy(NpgsqlConnection connection, Statement rows, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(rows.CopyText!, cancellation);
        await rows.CopyRows!.SendTo(copy, cancellation);
    }

    private static async Task Execute(
        NpgsqlConnection connection, List<Statement> statements, Statement? checkpoint,
        CancellationToken cancellation)
    {
        if (statements.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        if (statements is [{ TakesItsTime: true }])
            batch.Timeout = LongestSeconds;
        foreach (var statement in statements)
            batch.BatchCommands.Add(statement.ToCommand());
        var moving = checkpoint is null ? -1 : statements.IndexOf(checkpoint);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException) when (moving >= 0
            && batch.BatchCommands[moving] is { StatementType: Npgsql.StatementType.Update, RecordsAffected: var moved }
            && (long)moved < checkpoint!.Rows)
        {
            // It came to its end, and something after it did not: what the other process has written already cannot
            // always be written once more.
            throw new CheckpointMovedException();
        }

        for (var i = 0; i < statements.Count; i++)
        {
            var (statement, touched) = (statements[i], (long)batch.BatchCommands[i].RecordsAffected);
            if (touched < statement.Rows && statement.Missing is { } missing)
                await Execute(connection, [missing with { Rows = statement.Rows - touched }], null, cancellation);
            else
                Check(statement, touched, i == moving);
        }
    }

    private static void Check(Statement statement, long touched, bool isCheckpoint)
    {
        if (statement.Rows < 0 || touched == statement.Rows)
            return;
        if (isCheckpoint)
            throw new CheckpointMovedException();
        throw new ViewMismatchException(
            FormattableString.Invariant(touched < statement.Rows
                ? (FormattableString)$"what it changes is not there: {touched} rows instead of {statement.Rows}."
                : $"it would change {touched} rows instead of {statement.Rows}."),
            statement.Text);
    }
}
