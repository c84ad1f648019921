using Dapper;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Composition;

[Collection("server")]
public class WrongMasterKeyTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_master_key_that_opens_no_secret_of_the_database_is_refused_and_nothing_is_sealed_with_it()
    {
        await server.Merchant("m-wrong-master");
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        new HomeFolder(home).Write("master.key", [.. Enumerable.Range(7, 32).Select(one => (byte)one)]);
        var before = await Keys();
        var refused = await Should.ThrowAsync<InvalidOperationException>(
            () => LedgerServer.Build(server.Arguments(home)));
        refused.Message.ShouldContain(Path.Combine(home, "master.key"));
        refused.Message.ShouldContain("put back the one");
        refused.Message.ShouldNotContain("\n");
        (await Keys()).ShouldBe(before);
        File.Exists(Path.Combine(home, "operator.json")).ShouldBeFalse();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task No_master_key_is_made_for_a_database_that_has_sealed_secrets()
    {
        var home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
        var before = await Keys();
        var refused = await Should.ThrowAsync<InvalidOperationException>(
            () => LedgerServer.Build(server.Arguments(home)));
        refused.Message.ShouldContain(Path.Combine(home, "master.key"));
        refused.Message.ShouldContain("put back the one");
        Directory.GetFiles(home).ShouldBeEmpty();
        (await Keys()).ShouldBe(before);
        Directory.Delete(home, recursive: true);
    }

    private async Task<long> Keys()
    {
        await using var connection = new NpgsqlConnection(server.Database.SuperuserConnection);
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM app.api_key");
    }
}
