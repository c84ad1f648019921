using System.Text;
using Dapper;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Composition;

[Collection("server")]
public class StartTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_second_process_lets_in_whom_the_first_knows()
    {
        var merchant = await server.Merchant("m-both");
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        File.Copy(Path.Combine(server.Home, "master.key"), Path.Combine(home, "master.key"));
        await using var second = await LedgerServer.Build(server.Arguments(home));
        await second.StartAsync();
        using var http = new HttpClient { BaseAddress = new(LedgerServer.AddressOf(second)) };
        foreach (var signer in new[] { merchant, server.Operator })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/merchants/m-both");
            request.Headers.TryAddWithoutValidation("Authorization", signer.Header("GET", "/v1/merchants/m-both", []));
            ((int)(await http.SendAsync(request)).StatusCode).ShouldBe(200);
        }

        // A nonce is used up for both.
        var header = server.Operator.Header("GET", "/v1/risk/lists", []);
        (await server.Send(null, "GET", "/v1/risk/lists", null, ("Authorization", header))).Status.ShouldBe(200);
        using var replay = new HttpRequestMessage(HttpMethod.Get, "/v1/risk/lists");
        replay.Headers.TryAddWithoutValidation("Authorization", header);
        ((int)(await http.SendAsync(replay)).StatusCode).ShouldBe(401);
        await second.StopAsync();
        File.Exists(Path.Combine(home, "server.json")).ShouldBeFalse();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A_master_key_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        var file = Path.Combine(home, "master.key");
        await File.WriteAllBytesAsync(file, new byte[32]);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var refused = await Should.ThrowAsync<InvalidOperationException>(
            () => LedgerServer.Build(server.Arguments(home)));
        refused.Message.ShouldContain("chmod 600");
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Secrets_are_sealed_in_the_database()
    {
        await server.Merchant("m-sealed");
        var secret = new HomeFolder(server.Home).ReadOperatorKey()!.Secret;
        await using var connection = new NpgsqlConnection(server.Database.SuperuserConnection);
        var rows = string.Join('\n', await connection.QueryAsync<string>("SELECT k::text FROM app.api_key k"));
        rows.ShouldContain("m-sealed");
        rows.ShouldNotContain(secret);
        rows.ShouldNotContain(Convert.ToHexStringLower(Convert.FromBase64String(secret)));
        rows.ShouldNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(secret)));
    }
}
