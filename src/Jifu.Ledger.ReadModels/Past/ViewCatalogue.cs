using System.Runtime.CompilerServices;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Past;

/// <summary>A column of a read model.</summary>
/// <param name="Type">As PostgreSQL calls it.</param>
/// <param name="KeyNo">Its place in the primary key, from 1; 0 when it is not part of it.</param>
public sealed record ViewColumn(string Name, string Type, int KeyNo);

/// <summary>A table that a projection keeps.</summary>
public sealed record View(string Name, IProjection Projection, IReadOnlyList<ViewColumn> Columns)
{
    /// <summary>The columns of its key, in the key's order, quoted.</summary>
    internal IEnumerable<string> Key => Columns.Where(column => column.KeyNo > 0).OrderBy(column => column.KeyNo)
        .Select(column => Quoted(column.Name));

    internal static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>Every read model that can be looked at, as the database describes it.</summary>
public sealed class ViewCatalogue(NpgsqlDataSource source)
{
    /// <summary>All of them, in the order of projections.</summary>
    public async Task<IReadOnlyList<View>> All(CancellationToken cancellation)
    {
        var columns = new List<(string View, ViewColumn Column)>();
        await using var command = source.CreateCommand("""
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
            WHERE c.relnamespace = 'views'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum
            """);
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
                columns.Add((rows.GetString(0), new(rows.GetString(1), rows.GetString(2), rows.GetInt32(3))));
        }

        var byView = columns.ToLookup(one => one.View, one => one.Column, StringComparer.Ordinal);
        return [.. Projections.All.SelectMany(projection => projection.Tables
            .Where(table => byView[table].Any())
            .Select(table => new View(table, projection, [.. byView[table]])))];
    }

    /// <summary>How many rows it has now.</summary>
    public async Task<long> CountRows(View view, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
#pragma warning disable CA2100 // The name comes from the catalogue, quoted.
        await using var command = source.CreateCommand($"SELECT count(*) FROM views.{View.Quoted(view.Name)}");
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Rows as they are now.</summary>
    /// <param name="sessions">Sessions that show times by Beijing time: <see cref="PastViews.Sessions"/>.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async IAsyncEnumerable<string> Rows(
        NpgsqlDataSource sessions, ViewRows rows, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(rows);
        await using var connection = await sessions.OpenConnectionAsync(cancellation);
        await foreach (var row in rows.Read(connection, "views", cancellation))
            yield return row;
    }
}
