using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.EventLog.PostgreSql;
using Npgsql;

namespace Jifu.Ledger.TestKit;

/// <summary>A fresh database with every table in place, copied from a template; dropped when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string OwnerPassword = "owner-of-a-throw-away";
    private const string AppPassword = "app-of-a-throw-away";
    private const long TemplateLockKey = 0x4A49_4655_0003;

    private static int _count;

    private readonly TestCluster _cluster;

    private TestDatabase(TestCluster cluster, string name) => (_cluster, Name) = (cluster, name);

    public string Name { get; }

    /// <summary>As the superuser, who can do anything: for faults and for looking at what others must not
    /// see.</summary>
    public string SuperuserConnection => Connection(null, null);

    /// <summary>As <c>jifu_owner</c>, which migrates.</summary>
    public string OwnerConnection => Connection(Bootstrap.OwnerRole, OwnerPassword);

    /// <summary>As <c>jifu_app</c>, which runs.</summary>
    public string AppConnection => Connection(Bootstrap.AppRole, AppPassword);

    /// <summary>A database with the event log's tables only.</summary>
    public static Task<TestDatabase> Create() => Create(TestCluster.Shared, [SchemaModule.EventLog]);

    /// <summary>A database with the tables of the given modules; the event log's come first if they are
    /// wanted.</summary>
    public static Task<TestDatabase> Create(params IReadOnlyList<SchemaModule> modules) =>
        Create(TestCluster.Shared, modules);

    /// <summary>The same on a cluster of one's own.</summary>
    public static async Task<TestDatabase> Create(TestCluster cluster, IReadOnlyList<SchemaModule> modules)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var template = await EnsureTemplate(cluster, modules);
        var name = $"jifu_test_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";
        await using var connection = new NpgsqlConnection(cluster.SuperuserConnection);
        await connection.OpenAsync();
        await Execute(connection, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await Execute(connection, $"CREATE DATABASE {name} TEMPLATE {template} OWNER {Bootstrap.OwnerRole}");
        await Execute(connection, $"GRANT CONNECT ON DATABASE {name} TO {Bootstrap.AppRole}");
        return new(cluster, name);
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(_cluster.SuperuserConnection);
        await connection.OpenAsync();
        await Execute(connection, $"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    /// <summary>Migrates once for each set of schema files, however many test processes share the cluster.</summary>
    private static async Task<string> EnsureTemplate(TestCluster cluster, IReadOnlyList<SchemaModule> modules)
    {
        var name = $"jifu_template_{Fingerprint(modules)}";

        // Closed for good at the end: a pool would keep the connection, and with it the lock, until its next use.
        var alone = new NpgsqlConnectionStringBuilder(cluster.SuperuserConnection) { Pooling = false };
        await using var connection = new NpgsqlConnection(alone.ConnectionString);
        await connection.OpenAsync();
        await Execute(connection, $"SELECT pg_advisory_lock({TemplateLockKey})");
        await using (var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection))
        {
            exists.Parameters.Add(new() { Value = name });
            if (await exists.ExecuteScalarAsync() is not null)
                return name;
        }

        // Under another name until it is whole, so that a test that dies here leaves no half template behind.
        var draft = $"{name}_draft";
        await Execute(connection, $"DROP DATABASE IF EXISTS {draft} WITH (FORCE)");
        await Bootstrap.Prepare(cluster.SuperuserConnection, draft, OwnerPassword, AppPassword, default);
        await Migrator.Migrate(new TestDatabase(cluster, draft).OwnerConnection, modules, default);
        await Execute(connection, $"ALTER DATABASE {draft} RENAME TO {name}");
        return name;
    }

    private static string Fingerprint(IReadOnlyList<SchemaModule> modules)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var module in modules)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(module.Name));
            var resources = module.Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(module.ResourcePrefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal);
            foreach (var resource in resources)
            {
                using var stream = module.Assembly.GetManifestResourceStream(resource)!;
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                hash.AppendData(Encoding.UTF8.GetBytes(resource));
                hash.AppendData(bytes.GetBuffer().AsSpan(0, checked((int)bytes.Length)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private string Connection(string? role, string? password)
    {
        var settings = new NpgsqlConnectionStringBuilder(_cluster.SuperuserConnection)
        {
            Database = Name,
            Pooling = role is not null,
            CommandTimeout = 30,
        };
        if (role is not null)
            (settings.Username, settings.Password) = (role, password);

        // Tests make many databases and the cluster has few connections: none may linger in a pool.
        settings.ConnectionIdleLifetime = 5;
        settings.ConnectionPruningInterval = 2;
        return settings.ConnectionString;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // CREATE DATABASE takes no parameters, and the names are our own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100

        // Many tests may wait for one who makes the template, or for a checkpoint of a busy disk.
        command.CommandTimeout = 180;
        await command.ExecuteNonQueryAsync();
    }
}
