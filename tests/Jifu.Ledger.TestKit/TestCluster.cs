using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Jifu.Ledger.TestKit;

/// <summary>A private PostgreSQL cluster in a temporary folder, on loopback, gone with the process that started
/// it.</summary>
/// <remarks>
/// A shell keeps it and waits on a pipe from us. When we end, however we end, the pipe closes and the shell stops the
/// cluster
/// and deletes the folder. PostgreSQL refuses to run as root, so for root it all runs as postgres, or else as nobody.
/// </remarks>
public sealed class TestCluster : IDisposable
{
    /// <summary>Set to a superuser's connection string, it lends a running cluster to all test processes.</summary>
    public const string Variable = "ConnectionStrings__TestCluster";

    private static readonly Lazy<TestCluster> TheShared = new(() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } lent ? new(lent, null) : Start(durable: false));

    private readonly Process? _keeper;

    private TestCluster(string superuserConnection, Process? keeper)
    {
        (SuperuserConnection, _keeper) = (superuserConnection, keeper);
        if (keeper is not null)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The one cluster of this test process, started on first use; does not wait for the disk.</summary>
    public static TestCluster Shared => TheShared.Value;

    /// <summary>To the database <c>postgres</c>, as superuser.</summary>
    public string SuperuserConnection { get; }

    /// <summary>The process id of the shell that keeps the cluster; null for one that was lent.</summary>
    public int? KeeperProcessId => _keeper?.Id;

    /// <summary>Starts a cluster of one's own.</summary>
    /// <param name="durable">True for <c>fsync</c> on, as in production; false for speed.</param>
    /// <param name="settings">Further settings, as <c>name=value</c>.</param>
    public static TestCluster Start(bool durable, params IReadOnlyList<string> settings)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var port = FreePort();
        var keeper = StartKeeper(PostgreSqlBinaries.Find(), password, port, durable, settings);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
            Pooling = false,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var cluster = new TestCluster(connection.ConnectionString, keeper);
        cluster.WaitUntilReady();
        return cluster;
    }

    /// <summary>Stops the cluster and deletes it; harmless when repeated, and to a cluster that was lent.</summary>
    public void Dispose()
    {
        if (_keeper is null)
            return;
        lock (_keeper)
        {
            if (!_keeper.HasExited)
            {
                _keeper.StandardInput.Close();
                _keeper.WaitForExit(20_000);
            }
        }
    }

    private static Process StartKeeper(
        string binaries, string password, int port, bool durable, IReadOnlyList<string> settings)
    {
        var sync = durable ? "on" : "off";
        string[] all =
        [
            "listen_addresses=127.0.0.1", $"port={port}", "unix_socket_directories=", "max_connections=200",
            "shared_buffers=256MB", "max_wal_size=4GB", $"fsync={sync}", $"full_page_writes={sync}",
            $"synchronous_commit={sync}", "timezone=UTC", "log_min_messages=warning", .. settings,
        ];
        string[] options = [.. all.SelectMany(setting => new[] { "-c", setting })];
        string[] shell = ["/bin/bash", "-c", Keeper, "keeper", binaries, .. options];
        string[] asUser = Environment.UserName == "root" ? ["runuser", "-u", Nobody(), "--"] : [];

        // In a session of its own, so that what ends our whole process group still leaves somebody to clean up.
        string[] command = ["setsid", .. asUser, .. shell];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["JIFU_TEST_PASSWORD"] = password },
        })!;
    }

    private const string Keeper = """
        set -eu
        trap '' INT TERM HUP
        binaries=$1; shift
        folder=$(mktemp -d "${TMPDIR:-/tmp}/jifu-test.XXXXXX")
        trap 'rm -rf "$folder"' EXIT
        umask 077
        printf '%s' "$JIFU_TEST_PASSWORD" > "$folder/password"
        "$binaries/initdb" -D "$folder/cluster" -U postgres --pwfile="$folder/password" -A scram-sha-256 \
            -E UTF8 --locale=C --no-sync > "$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
        "$binaries/postgres" -D "$folder/cluster" "$@" > "$folder/postgres.log" 2>&1 < /dev/null &
        server=$!
        read -r _ || true
        kill -INT "$server" 2> /dev/null || true
        wait "$server" || true
        """;

    private static string Nobody() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
            : "nobody";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilReady()
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new NpgsqlConnection(SuperuserConnection);
                connection.Open();
                return;
            }
            catch (NpgsqlException) when (!_keeper!.HasExited && since.Elapsed < TimeSpan.FromSeconds(60))
            {
                Thread.Sleep(50);
            }
            catch (NpgsqlException e) when (_keeper!.HasExited)
            {
                throw new InvalidOperationException(
                    $"The cluster did not start: {_keeper.StandardError.ReadToEnd()}", e);
            }
        }
    }
}
