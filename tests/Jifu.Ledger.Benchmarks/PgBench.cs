using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Benchmarks;

/// <summary>PostgreSQL's own benchmark, the transactions "TPC-B (sort of)", in a database beside ours on the same
/// server.</summary>
internal sealed partial class PgBench(TestCluster cluster)
{
    private const string Database = "pgbench";

    public async Task Prepare(long scale)
    {
        await using (var connection = new NpgsqlConnection(cluster.SuperuserConnection))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
            await command.ExecuteNonQueryAsync();
        }

        await Tool("-i", "-q", "-s", scale.ToString(CultureInfo.InvariantCulture), Database);
    }

    /// <summary>Transactions a second, of 16 clients in two threads.</summary>
    public async Task<double> Run(TimeSpan duration)
    {
        var seconds = ((int)Math.Ceiling(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var said = await Tool("-M", "prepared", "-c", "16", "-j", "2", "-n", "-T", seconds, Database);
        return double.Parse(Tps().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    private async Task<string> Tool(params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.SuperuserConnection);
        using var process = Process.Start(
            new ProcessStartInfo(Path.Combine(PostgreSqlBinaries.Find("pgbench"), "pgbench"), arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["PGHOST"] = settings.Host,
                    ["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture),
                    ["PGUSER"] = settings.Username,
                    ["PGPASSWORD"] = settings.Password,
                },
            })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complaints = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"pgbench: {complaints}");
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Tps();
}
