namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary>A database that came back, or a second server, without the keys that its checkpoints are signed
/// with.</summary>
public class LostCheckpointKeyTests
{
    [Fact]
    public async Task A_checkpoint_by_a_key_that_is_not_here_is_told_as_a_missing_key_until_it_is_put_back()
    {
        await using var server = new ServerUnderTest();
        await server.InitializeAsync();
        await server.Merchant("restored");
        var first = await server.AsOperator("POST", "/v1/ops/audit/checkpoints");
        first.Status.ShouldBe(200);
        var away = Directory.CreateTempSubdirectory("jifu-backup-").FullName;
        Move(server.Home, away);
        await server.Restart();

        foreach (var (method, path) in new[]
        {
            ("POST", "checkpoints"), ("GET", "export?kind=all"), ("POST", "keys/rotation"),
        })
        {
            var refused = await server.AsOperator(method, $"/v1/ops/audit/{path}");
            refused.Refusal.ShouldBe("409 checkpoint_key_missing", path);
            refused["detail"].ShouldContain(first["key_id"]);
            refused["detail"].ShouldContain(Path.Combine(server.Home, "checkpoint-keys"));
            refused["detail"].ShouldContain("backup of the home folder");
        }

        var check = (await server.AsOperator("GET", "/v1/ops/audit/verification")).Json;
        check.GetProperty("good").GetBoolean().ShouldBeFalse();
        var finding = check.GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        finding.GetProperty("kind").GetString().ShouldBe("key_unknown");
        finding.GetProperty("detail").GetString()!.ShouldContain("backup of the home folder");
        await ACommandSaysWhatToDo(server);
        (await server.AsOperator("GET", "/v1/ops/audit/keys")).Json.GetArrayLength().ShouldBe(0);
        File.Exists(Path.Combine(server.Home, "checkpoint.key")).ShouldBeFalse();

        Move(away, server.Home);
        var second = await server.AsOperator("POST", "/v1/ops/audit/checkpoints");
        (second.Status, second["key_id"]).ShouldBe((200, first["key_id"]));
        (await server.AsOperator("GET", "/v1/ops/audit/verification")).Json.GetProperty("good").GetBoolean()
            .ShouldBeTrue();
        (await server.AsOperator("POST", "/v1/ops/audit/keys/rotation")).Status.ShouldBe(200);
        (await server.AsOperator("POST", "/v1/ops/audit/checkpoints")).Status.ShouldBe(200);
        Directory.Delete(away, recursive: true);
    }

    // Whoever reads the last line alone knows what it means and what to do next.
    private static async Task ACommandSaysWhatToDo(RunningServer server)
    {
        var (code, said, errors) = await JifuCommand.Run(server.Home, "audit", "verify", "--live");
        (code, errors).ShouldBe((1, ""));
        said.ShouldContain("key_unknown  position ");
        var last = said.TrimEnd().Split('\n')[^1];
        last.ShouldStartWith("NOT PROVED: no event was found altered, ");
        last.ShouldContain("put checkpoint.key and checkpoint-keys/ back from the backup of the home folder");
        last.ShouldContain("ask again");
        (await JifuCommand.Run(server.Home, "audit", "verify", "--live", "--json")).Code.ShouldBe(1);
    }

    // The checkpoints themselves are not in a fresh home either.
    private static void Move(string from, string to)
    {
        File.Move(Path.Combine(from, "checkpoint.key"), Path.Combine(to, "checkpoint.key"));
        foreach (var folder in new[] { "checkpoint-keys", "checkpoints" })
            Directory.Move(Path.Combine(from, folder), Path.Combine(to, folder));
    }
}
