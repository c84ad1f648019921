using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Tables like the live ones in a schema of their own, and how they take the live ones' place.</summary>
/// <remarks>They are filled with no more indexes than the folding itself searches by; the others are made when the rows
/// are there, which costs a fraction.</remarks>
internal static class ShadowTables
{
    /// <summary>Makes empty tables; what an earlier run left under this name goes.</summary>
    public static async Task Make(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections,
        CancellationToken cancellation)
    {
        // LIKE leaves out how full pages are filled, and other settings of that kind.
        var tables = await Texts(
            connection,
            """
            SELECT format('CREATE TABLE %I.%I (LIKE views.%I INCLUDING ALL EXCLUDING INDEXES)%s;', $1, relname, relname,
                ' WITH (' || array_to_string(reloptions, ', ') || ')')
            FROM pg_class WHERE relnamespace = 'views'::regnamespace AND relname = ANY ($2)
            """,
            [schema, projections.SelectMany(projection => projection.Tables).ToArray()], cancellation);
        await Execute(
            connection,
            $"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; {string.Concat(tables)}", cancellation);
        await AddIndexes(connection, schema, projections, searched: true, cancellation);
    }

    /// <summary>Makes the indexes that the live tables have and these do not yet.</summary>
    public static async Task Finish(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections,
        CancellationToken cancellation)
    {
        await Execute(connection, "SET maintenance_work_mem = '256MB'", cancellation);
        await AddIndexes(connection, schema, projections, searched: false, cancellation);
        foreach (var table in projections.SelectMany(projection => projection.Tables))
            await Execute(connection, $"ANALYZE {schema}.{table}", cancellation);
    }

    /// <summary>Puts the tables in the live ones' place, within the connection's transaction: whoever reads sees the
    /// old rows or the new ones.</summary>
    public static async Task Swap(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections,
        CancellationToken cancellation)
    {
        foreach (var table in projections.SelectMany(projection => projection.Tables))
        {
            var grants = await Texts(
                connection,
                """
                SELECT format('GRANT %s ON %s TO %s;', g.privilege_type, $1,
                    CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END)
                FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g
                WHERE c.oid = $1::regclass AND g.grantee <> c.relowner
                """,
                [$"views.{table}"], cancellation);
            await Execute(
                connection,
                $"DROP TABLE views.{table}; ALTER TABLE {schema}.{table} SET SCHEMA views; {string.Concat(grants)}",
                cancellation);
        }

        await Execute(connection, $"DROP SCHEMA {schema} CASCADE", cancellation);
    }

    /// <summary>Takes a schema away again, unless somebody holds one of its tables: whoever comes next does.</summary>
    /// <returns>False when it stays.</returns>
    public static async Task<bool> TryDrop(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await Execute(
                connection, $"SET LOCAL lock_timeout = '2s'; DROP SCHEMA IF EXISTS {schema} CASCADE", cancellation);
            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    public static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Names of our own tables and schemas only.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // An index keeps its name: names are of a schema. So later migrations find it.
    private static async Task AddIndexes(
        NpgsqlConnection connection, string schema, IReadOnlyList<IProjection> projections, bool searched,
        CancellationToken cancellation)
    {
        var statements = await Texts(
            connection,
            """
            SELECT CASE WHEN c.oid IS NULL
                THEN replace(pg_get_indexdef(i.oid), ' ON views.', format(' ON %I.', $1))
                ELSE format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', $1, t.relname, c.conname,
                    pg_get_constraintdef(c.oid)) END
            FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
                LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype IN ('p', 'u')
            WHERE t.relnamespace = 'views'::regnamespace AND t.relname = ANY ($2) AND (i.relname = ANY ($3)) = $4
            ORDER BY i.relname
            """,
            [
                schema, projections.SelectMany(projection => projection.Tables).ToArray(),
                projections.SelectMany(projection => projection.SearchedBy).ToArray(), searched,
            ],
            cancellation);
        foreach (var statement in statements)
            await Execute(connection, statement, cancellation);
    }

    private static async Task<IReadOnlyList<string>> Texts(
        NpgsqlConnection connection, string sql, IReadOnlyList<object> arguments, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // Constants above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var argument in arguments)
            command.Parameters.Add(new() { Value = argument });
        var texts = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
