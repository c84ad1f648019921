using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Brings a database's tables up to this program, as the owner role. Each file runs once, in one
/// transaction.</summary>
/// <remarks>Two programs that start together take turns. A file that was applied must never be edited: add
/// another.</remarks>
public static class Migrator
{
    // Any constant will do, as long as all versions of the program share it.
    private const long LockKey = 0x4A49_4655_0001;

    /// <summary>Applies what is missing, module by module in the order given.</summary>
    /// <param name="ownerConnection">A connection string of the role that owns the database.</param>
    /// <param name="modules">All modules of the program; their names are distinct.</param>
    /// <param name="cancellation">Ends the wait; a file in the middle is rolled back.</param>
    /// <returns>The files applied now, as <c>module/name</c>; none when the database was up to date.</returns>
    /// <exception cref="SchemaMismatchException">An applied file was edited, or a new one sorts before an applied
    /// one.</exception>
    public static async Task<IReadOnlyList<string>> Migrate(
        string ownerConnection, IReadOnlyList<SchemaModule> modules, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var settings = new NpgsqlConnectionStringBuilder(ownerConnection) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);

        // Held until the connection closes.
        await Execute(connection, $"SELECT pg_advisory_lock({LockKey})", cancellation);
        await Execute(connection, """
            CREATE TABLE IF NOT EXISTS public.schema_migration (
                module     text        NOT NULL,
                name       text        NOT NULL,
                checksum   text        NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (module, name)
            );
            GRANT SELECT ON public.schema_migration TO jifu_app;
            """, cancellation);

        var applied = await Applied(connection, cancellation);
        var missing = modules.SelectMany(module => Missing(module, applied)).ToList();
        foreach (var file in missing)
            await Apply(connection, file, cancellation);
        return [.. missing.Select(file => $"{file.Module}/{file.Name}")];
    }

    private static IEnumerable<SchemaFile> Missing(
        SchemaModule module, Dictionary<(string Module, string Name), string> applied)
    {
        string? firstMissing = null;
        foreach (var file in module.Files())
        {
            if (!applied.TryGetValue((file.Module, file.Name), out var checksum))
            {
                firstMissing ??= file.Name;
                yield return file;
            }
            else if (checksum != file.Checksum)
            {
                throw new SchemaMismatchException(
                    $"{file.Module}/{file.Name} was edited after it had been applied to this database. "
                    + "Put the file back as it was, and say what is new in a new file.");
            }
            else if (firstMissing is not null)
            {
                throw new SchemaMismatchException(
                    $"{file.Module}/{firstMissing} is new but sorts before {file.Name}, which is applied already. "
                    + "Give it a higher number.");
            }
        }
    }

    private static async Task Apply(NpgsqlConnection connection, SchemaFile file, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await Execute(connection, file.Text, cancellation);
        }
        catch (PostgresException e)
        {
            throw new SchemaMismatchException(
                $"{file.Module}/{file.Name} does not apply: {e.MessageText} ({e.SqlState})");
        }

        await using var record = new NpgsqlCommand(
            "INSERT INTO public.schema_migration (module, name, checksum) VALUES ($1, $2, $3)", connection)
        {
            Parameters =
            {
                new() { Value = file.Module, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = file.Name, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = file.Checksum, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        await record.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    internal static async Task<Dictionary<(string Module, string Name), string>> Applied(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        var applied = new Dictionary<(string, string), string>();
        await using var command = new NpgsqlCommand(
            "SELECT module, name, checksum FROM public.schema_migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            applied.Add((reader.GetString(0), reader.GetString(1)), reader.GetString(2));
        return applied;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Our own embedded files and constants.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
