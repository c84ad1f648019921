using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A set-based change of a read model: SQL and, for each parameter, one value or one array with an item per
/// row.</summary>
/// <remarks>Table names stand without a schema: the connection's search path says whether the live tables or the ones
/// being rebuilt are meant.</remarks>
/// <param name="Text">The statement, always the same for the same change, so that the server plans it once.</param>
/// <param name="Rows">How many rows it must touch; -1 when any number is right. Another number is an error.</param>
public sealed record Statement(string Text, long Rows, params IReadOnlyList<(string Name, object Value)> Parameters)
{
    // From here on a COPY of its own costs less than arrays in a batch.
    private const int CopiedFrom = 256;

    /// <summary>The COPY that writes the same rows; null for anything but many new rows.</summary>
    internal string? CopyText { get; private init; }

    /// <summary>What goes with <see cref="CopyText"/>.</summary>
    internal BinaryRows? CopyRows { get; private init; }

    /// <summary>Makes the rows that this one has not found; run after it, only when it has touched too few.</summary>
    /// <remarks>Rows that change again and again are nearly all there: to be ready to make each, in the same statement,
    /// costs them a sixth more.</remarks>
    public Statement? Missing { get; init; }

    /// <summary>True for what changes rows by the million: it goes alone, and is given far more time than what comes
    /// with each page.</summary>
    public bool TakesItsTime { get; init; }

    /// <summary>New rows of a table, none of which it has yet. The parameters are named like its columns.</summary>
    public static Statement Insert(string table, int rows, params IReadOnlyList<(string Name, object Value)> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var names = Names(columns);
        var statement = new Statement(
            $"INSERT INTO {table} ({names}) SELECT {Arrays(columns)}", rows, columns);
        return rows < CopiedFrom
            ? statement
            : statement with
            {
                CopyText = $"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)",
                CopyRows = BinaryRows.Of([.. columns.Select(column => column.Value)], rows),
            };
    }

    /// <summary>Rows of which a table may have some already: those stay as they are. The parameters are named like its
    /// columns.</summary>
    public static Statement InsertMissing(
        string table, int rows, params IReadOnlyList<(string Name, object Value)> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return new(
            $"INSERT INTO {table} ({Names(columns)}) SELECT {Arrays(columns)} ON CONFLICT DO NOTHING",
            rows, columns);
    }

    private static string Names(IReadOnlyList<(string Name, object Value)> columns) =>
        string.Join(", ", columns.Select(column => column.Name));

    // In the select list PostgreSQL takes row by row; in FROM it would first copy each array to a table of its own.
    private static string Arrays(IReadOnlyList<(string Name, object Value)> columns) =>
        string.Join(", ", columns.Select(column => $"unnest(@{column.Name})"));

    internal NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Text);
        foreach (var (name, value) in Parameters)
            command.Parameters.Add(new() { ParameterName = name, Value = value });
        return command;
    }
}

/// <summary>Takes columns out of rows, as <c>unnest</c> and COPY want them.</summary>
internal static class Column
{
    public static (string, object) Of<TRow, T>(string name, IReadOnlyList<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return (name, column);
    }

    public static string Name(Currency currency) => Names.GetValueOrDefault(currency) ?? $"{currency}";

    private static readonly Dictionary<Currency, string> Names =
        Enum.GetValues<Currency>().ToDictionary(currency => currency, currency => currency.ToString());
}
