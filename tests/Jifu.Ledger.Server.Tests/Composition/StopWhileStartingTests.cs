using System.Diagnostics;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Composition;

/// <summary>A supervisor changes its mind in the first seconds.</summary>
public class StopWhileStartingTests
{
    [Theory]
    [InlineData("SELECT pg_advisory_lock(x'4A4946550001'::bigint)")]
    [InlineData("BEGIN; LOCK TABLE app.api_key")]
    [InlineData("BEGIN; LOCK TABLE quartz.qrtz_locks")]
    public async Task Whoever_is_asked_to_stop_while_he_starts_ends_with_0(string hold)
    {
        await using var database = await TestDatabase.Create(ServerSchema.Modules);
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        string[] arguments =
        [
            "--urls=http://127.0.0.1:0", $"--Jifu:Home={home}", "--Jifu:Sandbox=true",
            $"--ConnectionStrings:Ledger={database.AppConnection}",
            $"--ConnectionStrings:LedgerOwner={database.OwnerConnection}",
        ];
        await SwiftStartTests.StartOnce(arguments);
        await using var holder = new NpgsqlConnection(database.SuperuserConnection);
        await holder.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
        await using (var command = new NpgsqlCommand(hold, holder))
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        var (code, told, log) = await ServerProcess.Run(arguments, async process =>
        {
            await RunningServer.Until(() => Waits(database, holder.ProcessID));
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        });
        told.ShouldBeEmpty();
        code.ShouldBe(0, log);
        File.Exists(Path.Combine(home, "server.json")).ShouldBeFalse();
        Directory.Delete(home, recursive: true);
    }

    // Nobody else uses this database.
    private static async Task<bool> Waits(TestDatabase database, int holder)
    {
        await using var connection = new NpgsqlConnection(database.SuperuserConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", connection)
        {
            Parameters = { new() { Value = holder } },
        };
        return await command.ExecuteScalarAsync() is true;
    }
}
