using System.Runtime.CompilerServices;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Past;

/// <summary>Which rows of a read model are wanted.</summary>
/// <param name="Where">Columns and the text that each must have; an empty text stands for nothing at all, too.</param>
/// <param name="CountMax">The most rows.</param>
public sealed record ViewRows(View View, IReadOnlyList<(ViewColumn Column, string Value)> Where, int CountMax)
{
    /// <summary>The rows in the order of their key, each as one JSON object; moments by Beijing time.</summary>
    /// <param name="connection">Whose session shows times by Beijing time.</param>
    /// <param name="schema"><c>views</c> for the rows as they are now, <c>pg_temp</c> for those folded here.</param>
    /// <exception cref="NotThisTypeException">A text is no value of its column.</exception>
    internal async IAsyncEnumerable<string> Read(
        NpgsqlConnection connection, string schema, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var conditions = Where.Select((one, i) => one.Value.Length == 0
            ? $"({View.Quoted(one.Column.Name)} IS NULL OR {View.Quoted(one.Column.Name)}::text = '')"
            : $"{View.Quoted(one.Column.Name)} = CAST(@value{i} AS {one.Column.Type})");
        var where = Where.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
#pragma warning disable CA2100 // Names and types come from the catalogue, quoted; values are parameters.
        await using var command = new NpgsqlCommand(
            $"""
            SELECT row_to_json(one)::text FROM (
                SELECT * FROM {schema}.{View.Quoted(View.Name)} {where}
                ORDER BY {string.Join(", ", View.Key)} LIMIT @count) one
            """,
            connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        command.Parameters.AddWithValue("count", (long)CountMax);
        for (var i = 0; i < Where.Count; i++)
            command.Parameters.AddWithValue($"value{i}", Where[i].Value);
        var asked = string.Join(", ", Where.Select(one => one.Column.Name));
        await using var rows = await Execute(command, asked, cancellation);
        while (await rows.ReadAsync(cancellation))
            yield return rows.GetString(0);
    }

    // Constants are turned into their type before the first row, so here is where it shows.
    private static async Task<NpgsqlDataReader> Execute(
        NpgsqlCommand command, string columns, CancellationToken cancellation)
    {
        try
        {
            return await command.ExecuteReaderAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            throw new NotThisTypeException($"{columns}: {e.MessageText}");
        }
    }
}

/// <summary>A text is no value of the column that it was compared with.</summary>
public sealed class NotThisTypeException(string message) : Exception(message);
