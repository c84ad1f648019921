using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A live table beside the same table made again from the log, at the same event.</summary>
/// <param name="Name">Without its schema.</param>
/// <param name="Rows">Of the table made again.</param>
/// <param name="Before">SHA-256 of the live rows in the order of their key, as COPY writes them; hexadecimal.</param>
/// <param name="After">The same of the rows made again.</param>
/// <param name="Differing">The first rows that differ; none when the digests are the same.</param>
public sealed record TableComparison(
    string Name, long Rows, string Before, string After, IReadOnlyList<DifferingRow> Differing)
{
    public bool Identical => Before == After;

    /// <summary>Compares two tables that the connection's snapshot holds.</summary>
    internal static async Task<TableComparison> Of(
        NpgsqlConnection connection, string table, string shadow, CancellationToken cancellation)
    {
        var key = await KeyOf(connection, $"views.{table}", cancellation);
        var (_, before) = await Digest(connection, $"views.{table}", key, cancellation);
        var (rows, after) = await Digest(connection, $"{shadow}.{table}", key, cancellation);
        return new(table, rows, before, after, before == after
            ? []
            : await DifferingRow.First(connection, table, shadow, key, cancellation));
    }

    private static async Task<(long Rows, string Sha256)> Digest(
        NpgsqlConnection connection, string table, string key, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long rows = 0;
        using var reader = await connection.BeginTextExportAsync(
            $"COPY (SELECT * FROM {table} ORDER BY {key}) TO STDOUT", cancellation);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            hash.AppendData("\n"u8);
            rows++;
        }

        return (rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task<string> KeyOf(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY array_position(i.indkey::int2[], a.attnum))
            FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = $1::regclass AND i.indisprimary
            """, connection)
        {
            Parameters = { new() { Value = table, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } },
        };
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }
}

/// <summary>A row of which the live table and the log say different things.</summary>
/// <param name="Key">Of the row.</param>
/// <param name="Live">The live row as text; null when it is missing.</param>
/// <param name="FromLog">What the log makes of it; null when the log knows no such row.</param>
public sealed record DifferingRow(string Key, string? Live, string? FromLog)
{
    private const int Shown = 5;

    internal static async Task<IReadOnlyList<DifferingRow>> First(
        NpgsqlConnection connection, string table, string shadow, string key, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Names of our own tables and columns only.
        await using var command = new NpgsqlCommand(
            $"""
            SELECT ROW({key})::text, l.line, s.line
            FROM (SELECT {key}, t::text AS line FROM views.{table} t) l
                FULL JOIN (SELECT {key}, t::text AS line FROM {shadow}.{table} t) s USING ({key})
            WHERE l.line IS DISTINCT FROM s.line ORDER BY {key} LIMIT {Shown}
            """, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        var rows = new List<DifferingRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(new(reader.GetString(0), Text(reader, 1), Text(reader, 2)));
        return rows;
    }

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
