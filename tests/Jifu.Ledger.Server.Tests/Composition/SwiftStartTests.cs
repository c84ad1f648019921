using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Server.Schedule;
using Jifu.Ledger.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Composition;

/// <summary>What payments do not need does not stand before them.</summary>
public class SwiftStartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task No_folder_is_watched_for_settings_that_are_read_once()
    {
        await using var database = await TestDatabase.Create(ServerSchema.Modules);
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        await using (var app = await LedgerServer.Build(Arguments(database, home)))
        {
            var files = ((IConfigurationRoot)app.Configuration).Providers.OfType<JsonConfigurationProvider>().ToList();
            files.ShouldNotBeEmpty();
            files.ShouldAllBe(file => !file.Source.ReloadOnChange);
        }

        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task The_server_serves_before_its_schedule_can_start()
    {
        await using var database = await TestDatabase.Create(ServerSchema.Modules);
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        await StartOnce(Arguments(database, home));
        await using var holder = new NpgsqlConnection(database.SuperuserConnection);
        await holder.OpenAsync();
        await using (var app = await LedgerServer.Build(Arguments(database, home)))
        {
            await using var holding = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("LOCK TABLE quartz.qrtz_locks, quartz.qrtz_job_details", holder))
                await hold.ExecuteNonQueryAsync();
            await app.StartAsync().WaitAsync(Patience);
            using var http = new HttpClient { BaseAddress = new(LedgerServer.AddressOf(app)) };
            ((int)(await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode).ShouldBe(200);

            await holding.RollbackAsync();
            await RunningServer.Until(() => HasSchedule(app.Services));
            await app.StopAsync();
        }

        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A_schedule_whose_tables_are_away_is_started_when_they_are_back()
    {
        await using var database = await TestDatabase.Create(ServerSchema.Modules);
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        await using (var app = await LedgerServer.Build(Arguments(database, home)))
        {
            await Do(database, "ALTER SCHEMA quartz RENAME TO elsewhere");
            await app.StartAsync().WaitAsync(Patience);
            await Task.Delay(TimeSpan.FromSeconds(1));
            await Do(database, "DROP SCHEMA IF EXISTS quartz; ALTER SCHEMA elsewhere RENAME TO quartz");
            await RunningServer.Until(() => HasSchedule(app.Services));
            await using var jobs = new NpgsqlConnection(database.SuperuserConnection);
            await jobs.OpenAsync();
            await using var count = new NpgsqlCommand("SELECT count(*) FROM quartz.qrtz_triggers", jobs);
            (await count.ExecuteScalarAsync()).ShouldBe(4L);
            await app.StopAsync();
        }

        Directory.Delete(home, recursive: true);
    }

    /// <summary>Starts a server, which makes all tables there are, and stops it.</summary>
    internal static async Task StartOnce(string[] arguments)
    {
        await using var app = await LedgerServer.Build(arguments);
        await app.StartAsync();
        await RunningServer.Until(() => HasSchedule(app.Services));
        await app.StopAsync();
    }

    private static Task<bool> HasSchedule(IServiceProvider services) =>
        Task.FromResult(services.GetServices<IHostedService>().OfType<Clockwork>().Single().IsStarted);

    private static async Task Do(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.SuperuserConnection);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string[] Arguments(TestDatabase database, string home) =>
    [
        "--urls=http://127.0.0.1:0", $"--Jifu:Home={home}", "--Jifu:Sandbox=true",
        $"--ConnectionStrings:Ledger={database.AppConnection}",
        $"--ConnectionStrings:LedgerOwner={database.OwnerConnection}",
    ];
}
