using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>What only a superuser can do, once for a cluster: the two roles, and a database that one of them
/// owns.</summary>
/// <remarks>Safe to repeat, and from several programs at once; the passwords given last are the ones that
/// count.</remarks>
public static class Bootstrap
{
    public const string OwnerRole = "jifu_owner";
    public const string AppRole = "jifu_app";

    private const long LockKey = 0x4A49_4655_0002;

    /// <param name="superuserConnection">To any database of the cluster; its database only serves to connect.</param>
    /// <param name="database">The name of the database to create if there is none.</param>
    /// <param name="ownerPassword">Of <see cref="OwnerRole"/>, which migrates.</param>
    /// <param name="appPassword">Of <see cref="AppRole"/>, which runs.</param>
    /// <param name="cancellation">Ends it between two steps; repeat it to finish.</param>
    public static async Task Prepare(
        string superuserConnection, string database, string ownerPassword, string appPassword,
        CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(superuserConnection) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);

        // Held until the connection closes.
        await Execute(connection, $"SELECT pg_advisory_lock({LockKey})", cancellation);
        await EnsureRole(connection, OwnerRole, ownerPassword, cancellation);
        await EnsureRole(connection, AppRole, appPassword, cancellation);
        if (!await Exists(connection, "SELECT 1 FROM pg_database WHERE datname = $1", database, cancellation))
            await Execute(connection, $"CREATE DATABASE {Quoted(database)} OWNER {OwnerRole}", cancellation);

        // Whoever else may log in to the cluster has no business in here.
        await Execute(connection, $"REVOKE ALL ON DATABASE {Quoted(database)} FROM PUBLIC", cancellation);
        await Execute(connection, $"GRANT CONNECT ON DATABASE {Quoted(database)} TO {AppRole}", cancellation);
    }

    private static async Task EnsureRole(
        NpgsqlConnection connection, string role, string password, CancellationToken cancellation)
    {
        var exists = await Exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", role, cancellation);
        await Execute(connection, $"""
            {(exists ? "ALTER" : "CREATE")} ROLE {role} LOGIN
            NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
            PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'
            """, cancellation);
    }

    private static async Task<bool> Exists(
        NpgsqlConnection connection, string sql, string name, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // The two constants above.
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // CREATE ROLE and CREATE DATABASE take no parameters; what varies is quoted above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
