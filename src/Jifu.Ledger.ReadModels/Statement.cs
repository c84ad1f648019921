using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A set-based change of a read model: SQL and, for each parameter, one value or one array with an item per
/// row.</summary>
/// <remarks>Table names stand without a schema: the connection's search path says whether the live tables or the ones
/// being
/// rebuilt are meant.</remarks>
/// <param name="Text">The statement, always the same for the same change, so that the server plans it once.</param>
/// <param name="Rows">How many rows it must touch; -1 when any number is right. Another number is an error.</param>
public sealed record Statement(string Text, long Rows, params IReadOnlyList<(string Name, object Value)> Parameters)
{
    internal NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Text);
        foreach (var (name, value) in Parameters)
            command.Parameters.Add(new() { ParameterName = name, Value = value });
        return command;
    }
}

/// <summary>Takes columns out of rows, as <c>unnest</c> wants them.</summary>
internal static class Column
{
    public static (string, object) Of<TRow, T>(string name, IReadOnlyList<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return (name, column);
    }

    public static string Name(Currency currency) => currency.ToString();
}
