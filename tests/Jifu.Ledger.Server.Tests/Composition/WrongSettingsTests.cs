using System.Net;
using System.Net.Sockets;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.Composition;
using Microsoft.Extensions.Configuration;

namespace Jifu.Ledger.Server.Tests.Composition;

[Collection("server")]
public class WrongSettingsTests(ServerUnderTest server)
{
    [Theory]
    [InlineData("ConnectionStrings:Ledger=Hots=db;Password=secret", "ConnectionStrings__Ledger: ", "hots")]
    [InlineData("ConnectionStrings:LedgerOwner=Host=db;Port=no", "ConnectionStrings__LedgerOwner: ", "port")]
    [InlineData(
        "ConnectionStrings:LedgerOwner=Host=nowhere.invalid;Username=jifu_owner",
        "ConnectionStrings__LedgerOwner: ", "nowhere.invalid")]
    [InlineData("urls=nonsense", "ASPNETCORE_URLS: ", "nonsense")]
    [InlineData("urls=http://127.0.0.1:99999", "ASPNETCORE_URLS: ", "99999")]
    [InlineData("urls=http://192.0.2.1:5080", "ASPNETCORE_URLS: ", "http://192.0.2.1:5080")]
    [InlineData(
        "Jifu:EventStoreFace:Urls=http://127.0.0.1:99999", "Jifu__EventStoreFace__Urls: ", "http://127.0.0.1:99999")]
    [InlineData(
        "Jifu:EventStoreFace:Urls=https://192.0.2.1:2114", "Jifu__EventStoreFace__Urls: ", "https://192.0.2.1:2114")]
    [InlineData(
        "Jifu:EventStoreFace:Certificate=/tmp", "Jifu__EventStoreFace__Certificate: ", "/tmp")]
    [InlineData(
        "Jifu:EventStoreFace:Certificate=/nowhere.pem", "Jifu__EventStoreFace__Certificate: ", "/nowhere.pem")]
    [InlineData("Jifu:Home=/sys/jifu", "Jifu__Home: ", "/sys/jifu")]
    [InlineData("Jifu:Home=/proc", "Jifu__Home: ", "/proc")]
    [InlineData("urls=http://nohost.invalid:5990", "ASPNETCORE_URLS: ", "nohost.invalid")]
    [InlineData("urls=https://127.0.0.1:0", "ASPNETCORE_URLS: ", "https://127.0.0.1:0")]
    [InlineData("ConnectionStrings:LedgerOwner=Host=db;Port=99999", "ConnectionStrings__LedgerOwner: ", "Port=99999")]
    public async Task A_setting_that_does_not_do_is_named_in_one_sentence(string setting, string name, string value)
    {
        var (code, told, log) = await Start(server.Arguments(Home()), $"--{setting}");
        ShouldName(name, value, code, told, log);
    }

    [Theory]
    [InlineData("urls", "http://127.0.0.1:0;http://nohost.invalid:5990", "ASPNETCORE_URLS: ", "nohost.invalid")]
    [InlineData("urls", "http://loaclhost:5080", "ASPNETCORE_URLS: ", "loaclhost")]
    [InlineData("ConnectionStrings:Ledger", "Host=db;Port=99999", "ConnectionStrings__Ledger: ", "Port=99999")]
    [InlineData("ConnectionStrings:Ledger", "Host=db;Port=0", "ConnectionStrings__Ledger: ", "port")]
    [InlineData("ConnectionStrings:Ledger", "Host=db:99999", "ConnectionStrings__Ledger: ", "db:99999")]
    [InlineData("ConnectionStrings:Ledger", "Host=a:5432,b:http", "ConnectionStrings__Ledger: ", "b:http")]
    [InlineData("ConnectionStrings:Ledger", "Host=[::1]:99999", "ConnectionStrings__Ledger: ", "[::1]:99999")]
    [InlineData("ConnectionStrings:Ledger", "Username=jifu_app", "ConnectionStrings__Ledger: ", "Host")]
    [InlineData("ConnectionStrings:Ledger", "Host=db;Maximum Pool Size=0", "ConnectionStrings__Ledger: ", "Pool Size")]
    [InlineData(
        "ConnectionStrings:LedgerOwner", "Host=db;Minimum Pool Size=9;Maximum Pool Size=8",
        "ConnectionStrings__LedgerOwner: ", "Pool Size")]
    public void What_can_be_no_address_or_connection_is_named_before_anything_is_done(
        string setting, string given, string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:Ledger"] = "Host=db", [setting] = given }).Build();
        var refused = Should.Throw<InvalidOperationException>(() => ServerSettings.Read(configuration));
        refused.Message.ShouldStartWith(name);
        refused.Message.ShouldContain(value);
    }

    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.0.0.1:0;http://[::1]:0")]
    [InlineData("http://0.0.0.0:5080;http://unix:/tmp/jifu.sock")]
    [InlineData("http://*:5080;http://+:5081")]
    public void What_is_an_address_of_this_machine_is_taken(string urls)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:Ledger"] = "Host=a,b:5433,[::1]:5434;Target Session Attributes=primary",
                ["urls"] = urls,
            }).Build();
        ServerSettings.Read(configuration).SelfUrl.Port.ShouldBeOneOf(5080, 0);
    }

    [Fact]
    public async Task Connections_that_are_kept_open_are_no_more_than_each_part_of_the_server_has()
    {
        var connection = $"{server.Database.AppConnection};Minimum Pool Size=20";
        await using var databases = Databases.Of(connection);
        await using var log = new PostgreSqlEventLog(connection, TimeProvider.System);
        Npgsql.NpgsqlDataSource.Create(Schedule.Schedule.ConnectionTo(connection)).Dispose();
    }

    [Fact]
    public async Task A_home_folder_in_which_no_file_can_be_made_is_named_and_no_file()
    {
        var (_, told, _) = await Start(server.Arguments(Home()), "--Jifu:Home=/proc");
        told.ShouldStartWith("Jifu Ledger cannot run: Jifu__Home: /proc does not do: no file can be made in it");
        told.ShouldNotContain("/proc/");
    }

    [Fact]
    public async Task A_file_of_the_home_folder_that_cannot_be_read_is_named()
    {
        var home = Home();
        Directory.CreateDirectory(Path.Combine(home, "operator.json"));
        var (code, told, log) = await Start(server.Arguments(home), "--Jifu:Sandbox=true");
        ShouldName("Jifu__Home: ", Path.Combine(home, "operator.json"), code, told, log);
    }

    [Fact]
    public async Task Without_an_owner_the_migration_asks_for_one()
    {
        var arguments = server.Arguments(Home()).Where(one => !one.Contains("LedgerOwner", StringComparison.Ordinal));
        var (code, told, log) = await Start([.. arguments], "--Jifu:Sandbox=true");
        ShouldName("ConnectionStrings__LedgerOwner: it is not set", "jifu_app", code, told, log);
        told.ShouldContain("42501");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_by_its_setting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";
        var (code, told, log) = await Start(server.Arguments(Home()), $"--urls={url}");
        ShouldName("ASPNETCORE_URLS: ", url, code, told, log);
    }

    [Theory]
    [InlineData("Ledger", "Password=wrong-one", "28P01")]
    [InlineData("Ledger", "Database=jifu_nowhere", "3D000")]
    [InlineData("LedgerOwner", "Password=wrong-one", "28P01")]
    [InlineData("LedgerOwner", "Database=jifu_nowhere", "3D000")]
    public async Task A_connection_that_the_database_refuses_is_named(string which, string change, string why)
    {
        var right = which == "Ledger" ? server.Database.AppConnection : server.Database.OwnerConnection;
        var (code, told, log) = await Start(
            server.Arguments(Home()), $"--ConnectionStrings:{which}={right};{change}");
        ShouldName($"ConnectionStrings__{which}: ", why, code, told, log);
        told.ShouldNotContain("wrong-one");
    }

    [Fact]
    public async Task A_role_that_may_not_migrate_is_told_by_the_setting_of_the_owner()
    {
        var (code, told, log) = await Start(
            server.Arguments(Home()), $"--ConnectionStrings:LedgerOwner={server.Database.AppConnection}");
        ShouldName("ConnectionStrings__LedgerOwner: ", "42501", code, told, log);
    }

    private static void ShouldName(string name, string value, int code, string told, string log)
    {
        told.ShouldStartWith($"Jifu Ledger cannot run: {name}");
        told.TrimEnd().ShouldNotContain("\n");
        told.ShouldContain(value);
        told.ShouldNotContain("secret");
        log.ShouldNotContain("   at ");
        foreach (var level in new[] { "warn: ", "fail: ", "crit: " })
            log.ShouldNotContain(level);
        code.ShouldBe(1);
    }

    private string Home()
    {
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        File.Copy(Path.Combine(server.Home, "master.key"), Path.Combine(home, "master.key"));
        return home;
    }

    private static async Task<(int Code, string Told, string Log)> Start(string[] arguments, string setting)
    {
        var ended = await ServerProcess.Run(
            [.. arguments, "--Jifu:EventStoreFace:Urls=https://127.0.0.1:0", setting], _ => Task.CompletedTask);
        var home = arguments.Single(argument => argument.StartsWith("--Jifu:Home=", StringComparison.Ordinal));
        Directory.Delete(home["--Jifu:Home=".Length..], recursive: true);
        return ended;
    }
}
