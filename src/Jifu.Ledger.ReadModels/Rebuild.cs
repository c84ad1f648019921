using System.Security.Cryptography;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>What a rebuild made.</summary>
/// <param name="Position">The event up to which both the old and the new rows stand.</param>
/// <param name="Tables">Each table with its rows and the SHA-256 of their text form, before and after.</param>
public sealed record RebuildReport(long Position, IReadOnlyList<RebuiltTable> Tables)
{
    /// <summary>True when every table has the same bytes as before.</summary>
    public bool Identical => Tables.All(table => table.Before == table.After);
}

/// <summary>One table of a rebuilt projection; digests are in hexadecimal.</summary>
public sealed record RebuiltTable(string Name, long Rows, string Before, string After);

/// <summary>Makes a projection's tables again from the log, beside the live ones, and then swaps them in one
/// transaction.</summary>
/// <remarks>Reads and writes go on meanwhile; the projection itself waits only for the last events and the swap. Needs
/// the role that owns the tables.</remarks>
public sealed class Rebuild(IEventLog log, EventCodec codec, NpgsqlDataSource owner)
{
    private const int PageMax = 5000;

    /// <param name="projection">What to make again.</param>
    /// <param name="progress">Told the position reached and the one to reach.</param>
    /// <param name="cancellation">Stops it; the live tables are as before.</param>
    public async Task<RebuildReport> Run(
        IProjection projection, IProgress<(long Reached, long Target)> progress, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        var shadow = $"views_rebuild_{projection.Name}";
        await MakeShadow(connection, shadow, projection, cancellation);
        var target = await CheckpointOf(connection, projection, forUpdate: false, cancellation);
        var reached = await Fold(connection, shadow, projection, -1, target, progress, cancellation);

        // From here on the live projection waits at its checkpoint, so both can stand at the same event.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        target = await CheckpointOf(connection, projection, forUpdate: true, cancellation);
        await using (var other = await owner.OpenConnectionAsync(cancellation))
            await Fold(other, shadow, projection, reached, target, progress, cancellation);
        var tables = new List<RebuiltTable>();
        foreach (var table in projection.Tables)
        {
            var (_, before) = await Digest(connection, $"views.{table}", cancellation);
            var (rows, after) = await Digest(connection, $"{shadow}.{table}", cancellation);
            tables.Add(new(table, rows, before, after));
        }

        await Swap(connection, shadow, projection, cancellation);
        await transaction.CommitAsync(cancellation);
        return new(target, tables);
    }

    private async Task<long> Fold(
        NpgsqlConnection connection, string schema, IProjection projection, long from, long target,
        IProgress<(long Reached, long Target)> progress, CancellationToken cancellation)
    {
        while (from < target)
        {
            var count = (int)Math.Min(PageMax, target - from);
            var raw = await log.ReadAll(from, count, cancellation);
            if (raw.Count == 0)
                throw new InvalidDataException($"The log ends at {from}, but {projection.Name} stands at {target}.");
            var page = raw.Select(codec.Decode<object>).ToList();
            await PageWriter.Write(connection, schema, [], projection.Fold(page), cancellation);
            from = raw[^1].Position;
            progress.Report((from, target));
        }

        return from;
    }

    private static async Task MakeShadow(
        NpgsqlConnection connection, string shadow, IProjection projection, CancellationToken cancellation)
    {
        var tables = projection.Tables.Select(
            table => $"CREATE TABLE {shadow}.{table} (LIKE views.{table} INCLUDING ALL);");
        await Execute(
            connection,
            $"DROP SCHEMA IF EXISTS {shadow} CASCADE; CREATE SCHEMA {shadow}; {string.Concat(tables)}", cancellation);
    }

    private static async Task<long> CheckpointOf(
        NpgsqlConnection connection, IProjection projection, bool forUpdate, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            forUpdate
                ? "SELECT position FROM views.checkpoint WHERE projection = $1 FOR UPDATE"
                : "SELECT position FROM views.checkpoint WHERE projection = $1",
            connection)
        {
            Parameters = { new() { Value = projection.Name } },
        };
        return await command.ExecuteScalarAsync(cancellation) as long? ?? -1;
    }

    /// <summary>How many rows a table has, and the SHA-256 of them in the order of their key, as COPY writes
    /// them.</summary>
    internal static async Task<(long Rows, string Sha256)> Digest(
        NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long rows = 0;
        var key = await KeyOf(connection, table, cancellation);
        using var reader = await connection.BeginTextExportAsync(
            $"COPY (SELECT * FROM {table} ORDER BY {key}) TO STDOUT", cancellation);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(line));
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

    private static async Task Swap(
        NpgsqlConnection connection, string shadow, IProjection projection, CancellationToken cancellation)
    {
        foreach (var table in projection.Tables)
        {
            var names = await IndexNames(connection, shadow, table, cancellation);
            await Execute(
                connection,
                $"""
                DROP TABLE views.{table};
                ALTER TABLE {shadow}.{table} SET SCHEMA views;
                GRANT SELECT, INSERT, UPDATE, DELETE ON views.{table} TO jifu_app;
                {string.Concat(names.Select(name => $"ALTER INDEX views.{name.Made} RENAME TO {name.Was};"))}
                """,
                cancellation);
        }

        await Execute(connection, $"DROP SCHEMA {shadow}", cancellation);
    }

    // LIKE names indexes anew. They get their names back, so that later migrations find them.
    private static async Task<IReadOnlyList<(string Made, string Was)>> IndexNames(
        NpgsqlConnection connection, string shadow, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT made.indexname, was.indexname
            FROM pg_indexes made JOIN pg_indexes was
                ON substring(was.indexdef FROM ' USING .*') = substring(made.indexdef FROM ' USING .*')
            WHERE made.schemaname = $1 AND made.tablename = $2 AND was.schemaname = 'views' AND was.tablename = $2
                AND made.indexname <> was.indexname
            """, connection)
        {
            Parameters = { new() { Value = shadow }, new() { Value = table } },
        };
        var names = new List<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            names.Add((reader.GetString(0), reader.GetString(1)));
        return names;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Names of our own tables and schemas only.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
