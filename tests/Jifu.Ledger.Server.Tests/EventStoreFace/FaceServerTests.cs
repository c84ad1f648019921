using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Server.EventStoreFace;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

[Collection("server")]
public class FaceServerTests(ServerUnderTest server)
{
    [Fact]
    public async Task What_another_program_keeps_in_the_log_stops_no_projection()
    {
        var made = await server.AsOperator("POST", "/v1/ops/keys", """{"role":"event_writer"}""");
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        File.Copy(Path.Combine(server.Home, "master.key"), Path.Combine(home, "master.key"));
        await using var second = await LedgerServer.Build(
            [.. server.Arguments(home), "--Jifu:EventStoreFace:Urls=http://127.0.0.1:0"]);
        await second.StartAsync();
        var address = new Uri(second.Services.GetRequiredService<FaceHost>().Urls.Single());
        using (var writer = new FaceCaller(address, $"{made["key_id"]}:{made["secret"]}"))
        {
            var id = IdSource.TimeOrdered(TimeProvider.System).Next();
            (await writer.Append(Said.Append("ext.shop-1", Said.Event(id)))).Code.ShouldBe(Code.Ok);
        }

        await second.StopAsync();
        Directory.Delete(home, recursive: true);
        await server.CaughtUp();
    }

    [Theory]
    [InlineData("http://0.0.0.0:2113")]
    [InlineData("http://*:2113")]
    [InlineData("http://127.0.0.1:2113;http://192.0.2.1:2113")]
    [InlineData("https://ledger.example:2114")]
    [InlineData("ftp://127.0.0.1:2113")]
    [InlineData("2113")]
    public void Keys_go_nowhere_without_tls(string urls) =>
        Should.Throw<InvalidOperationException>(() => Read(urls)).Message.ShouldContain("Jifu__EventStoreFace__Urls");

    [Theory]
    [InlineData("http://127.0.0.1:2113;https://*:2114")]
    [InlineData("http://localhost:2113")]
    [InlineData("http://[::1]:2113;https://0.0.0.0:2114")]
    public void It_listens_where_it_is_told(string urls) =>
        Read(urls)!.Addresses.Count.ShouldBe(urls.Split(';').Length);

    [Fact]
    public void Unless_told_it_does_not_listen() => Read("").ShouldBeNull();

    private static FaceSettings? Read(string urls) => FaceSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection([new("Jifu:EventStoreFace:Urls", urls)]).Build());
}
