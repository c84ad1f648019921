using System.Diagnostics;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Chaos.Stage;

/// <summary>A PostgreSQL of our own that can be killed and started again; it waits for the disk.</summary>
/// <param name="folder">Belongs to the database's user and stays ours alone; the data is below it.</param>
internal sealed class Cluster(Playground playground, string name, string folder)
{
    private const string Password = "of-a-run";
    private const string Database = "jifu";
    private readonly int _port = Ports.Free();
    private Child? _postmaster;

    public string Data => Path.Combine(folder, "data");
    public int Port => _port;
    public Child Postmaster => _postmaster!;
    public static string Binaries { get; } = PostgreSqlBinaries.Find("initdb", "postgres", "pg_basebackup");

    /// <summary>Further settings, as <c>name=value</c>; they count from the next start on.</summary>
    public List<string> Settings { get; } = [];

    /// <summary>Variables that the server's processes get; they count from the next start on.</summary>
    public List<(string Name, string Value)> Environment { get; } = [];

    public string Superuser => Connection("postgres", false);
    public string Owner => Connection(Bootstrap.OwnerRole, true);
    public string App => Connection(Bootstrap.AppRole, true);

    /// <summary>Makes the cluster, starts it and prepares roles and the empty database.</summary>
    public async Task Create(params string[] initdb)
    {
        await Command.Run(Playground.AsDatabaseUser(
            [Path.Combine(Binaries, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C", "--data-checksums", "--no-sync", .. initdb]));
        await Start();
        await Bootstrap.Prepare(
            new NpgsqlConnectionStringBuilder(Superuser) { Database = "postgres" }.ConnectionString, Database,
            Password, Password, default);
    }

    public async Task Start()
    {
        await GenerationGone();
        string[] all =
        [
            "listen_addresses=127.0.0.1", $"port={_port}", "unix_socket_directories=", "max_connections=150",
            "shared_buffers=128MB", "timezone=UTC", "log_min_messages=warning", .. Settings,
        ];
        _postmaster = playground.Start(
            name,
            Playground.AsDatabaseUser(
                [Path.Combine(Binaries, "postgres"), "-D", Data, .. all.SelectMany(one => new[] { "-c", one })]),
            [.. Environment]);
        await Ready(TimeSpan.FromSeconds(60));
    }

    /// <summary>kill -9 of the postmaster; its children end when they notice.</summary>
    public Task Kill() => Postmaster.Kill();

    /// <summary>A quick and orderly stop.</summary>
    public Task Stop() => Postmaster.End("INT");

    /// <summary>Waits until it takes connections.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or it takes too long.</exception>
    public async Task Ready(TimeSpan within)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Execute("SELECT 1", new NpgsqlConnectionStringBuilder(Superuser) { Database = "postgres" });
                return;
            }
            catch (NpgsqlException) when (!Postmaster.HasExited && since.Elapsed < within)
            {
                await Task.Delay(50);
            }
            catch (NpgsqlException e)
            {
                throw new InvalidOperationException($"PostgreSQL is not there: {Postmaster.Said()}", e);
            }
        }
    }

    public Task Execute(string sql) => Execute(sql, new(Superuser));

    /// <summary>One value, as superuser.</summary>
    public async Task<T> Value<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Our own text.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync() is T value ? value : default!;
    }

    // Two generations at work in one folder would ruin it, and PostgreSQL would refuse.
    private async Task GenerationGone()
    {
        while (Directory.GetDirectories("/proc").Any(process =>
            int.TryParse(Path.GetFileName(process), out _)
            && new FileInfo(Path.Combine(process, "cwd")).LinkTarget == Data))
            await Task.Delay(20);
    }

    private static async Task Execute(string sql, NpgsqlConnectionStringBuilder settings)
    {
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Our own text.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private string Connection(string user, bool pooling) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = _port, Database = Database, Username = user, Password = Password,
        Pooling = pooling, GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;
}
