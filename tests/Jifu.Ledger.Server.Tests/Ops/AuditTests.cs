using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Server.Evidence;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary>Evidence through the API: what an auditor gets, and can check without us.</summary>
public class AuditTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task An_auditor_gets_a_key_and_an_archive_and_a_check_of_the_whole_log_and_changes_nothing()
    {
        await server.Merchant("audited");
        var made = await server.AsOperator("POST", "/v1/ops/keys", """{"role":"auditor"}""");
        made.Status.ShouldBe(201);
        var auditor = RequestSigner.Hmac(
            made["key_id"], Convert.FromBase64String(made["secret"]), TimeProvider.System);
        var keys = (await server.Send(auditor, "GET", "/v1/ops/audit/keys")).Json.EnumerateArray()
            .Select(key => EvidenceKey.ReadAll(key.GetProperty("public_key").GetString()!)[0]).ToList();
        foreach (var what in new[] { "kind=all", "kind=range&from=1", "kind=stream&stream=merchant-audited" })
        {
            var archive = await server.Send(auditor, "GET", $"/v1/ops/audit/export?{what}");
            archive.Status.ShouldBe(200);
            var report = ArchiveCheck.Run(new MemoryStream(archive.Content), keys, []);
            report.Findings.Kept.ShouldBeEmpty();
            report.Events.ShouldBeGreaterThan(0);
        }

        var check = await server.Send(auditor, "GET", "/v1/ops/audit/verification");
        check.Json.GetProperty("good").GetBoolean().ShouldBeTrue();
        check.Json.GetProperty("proved_to").GetInt64().ShouldBe(await server.Head());
        (await server.Send(auditor, "POST", "/v1/ops/audit/checkpoints")).Refusal.ShouldBe("403 role_not_admitted");
        (await server.Send(auditor, "POST", "/v1/ops/keys", """{"role":"auditor"}"""))
            .Refusal.ShouldBe("403 role_not_admitted");
        (await server.AsOperator("DELETE", $"/v1/ops/keys/{made["key_id"]}")).Status.ShouldBe(204);
        (await server.Send(auditor, "GET", "/v1/ops/audit/keys")).Refusal.ShouldBe("401 key_revoked");
    }

    [Fact]
    public async Task What_is_not_recorded_or_not_understood_is_refused()
    {
        await server.Merchant("recorded");
        foreach (var (what, refusal) in new[]
        {
            ("kind=stream&stream=merchant-nobody", "404 nothing_recorded"),
            ("kind=range&from=99999999", "404 nothing_recorded"), ("kind=day&day=2020-01-01", "404 nothing_recorded"),
            ("kind=day&day=2020-13-01", "400 parameter_invalid"), ("kind=month", "400 parameter_invalid"),
            ("kind=day&day=9999-12-31", "400 parameter_invalid"), ("kind=stream", "400 parameter_invalid"),
            ("kind=day&day=0001-01-01", "400 parameter_invalid"), ("kind=range&from=x", "400 parameter_invalid"),
        })
            (await server.AsOperator("GET", $"/v1/ops/audit/export?{what}")).Refusal.ShouldBe(refusal, what);
        foreach (var (what, said) in new[]
        {
            ("kind=stream&stream=nope", "stream: 'nope' is no stream's name"),
            ("kind=month", "kind: 'month' is none of"),
            ("kind=range&from=-5&to=10", "from: -5 is no position"),
            ("kind=range&from=5&to=4", "to: position 4 stands"),
            ("kind=range&from=0&to=99999999", "to: position 99999999 is not there yet; the log ends at "),
        })
        {
            var refused = await server.AsOperator("GET", $"/v1/ops/audit/export?{what}");
            refused.Refusal.ShouldBe("400 parameter_invalid", what);
            refused["detail"].ShouldContain(said);
        }

        (await server.AsOperator("POST", "/v1/ops/keys", """{"role":"merchant"}""")).Refusal
            .ShouldBe("400 field_invalid");
        var own = new HomeFolder(server.Home).ReadOperatorKey()!.KeyId;
        (await server.AsOperator("DELETE", $"/v1/ops/keys/{own}")).Refusal.ShouldBe("404 key_not_found");
    }

    [Fact]
    public async Task Of_a_key_that_cannot_be_revoked_here_is_told_what_is_true_of_it()
    {
        await server.Merchant("keyed");
        var merchants = (await server.AsOperator(
            "POST", "/v1/merchants/keyed/keys", """{"algorithm":"hmac_sha256"}"""))["key_id"];
        var own = new HomeFolder(server.Home).ReadOperatorKey()!.KeyId;
        foreach (var (key, said) in new[]
        {
            ("op_nope", "没有该编号的密钥。There is no key op_nope of a colleague, an auditor or a program."),
            (own, $"没有该编号的密钥。{own} signed this request: only another operator's key revokes it."),
            (merchants, $"没有该编号的密钥。{merchants} belongs to a merchant: /v1/merchants/keyed/keys/{merchants}."),
        })
        {
            var refused = await server.AsOperator("DELETE", $"/v1/ops/keys/{key}");
            refused.Refusal.ShouldBe("404 key_not_found");
            refused["detail"].ShouldBe(said);
            refused["title"].ShouldBe("There is no key of this id here");
        }
    }

    [Fact]
    public async Task A_rotated_key_signs_what_is_new_and_what_the_one_before_signed_still_counts()
    {
        await server.Merchant("rotated");
        var first = await server.AsOperator("POST", "/v1/ops/audit/checkpoints");
        first["text"].ShouldStartWith("jifu checkpoint v1\n");
        var rotated = await server.AsOperator("POST", "/v1/ops/audit/keys/rotation?algorithm=sm2");
        var second = await server.AsOperator("POST", "/v1/ops/audit/checkpoints");
        second["key_id"].ShouldBe(rotated["key_id"]);
        second["key_id"].ShouldNotBe(first["key_id"]);
        await server.Restart();
        var listed = (await server.AsOperator("GET", "/v1/ops/audit/checkpoints?limit=2")).Json.EnumerateArray()
            .Select(one => one.GetProperty("text").GetString());
        listed.ShouldBe([second["text"], first["text"]]);
        Directory.GetFiles(Path.Combine(server.Home, "checkpoints"), "*.txt", SearchOption.AllDirectories)
            .Select(File.ReadAllText).ShouldContain(second["text"]);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(server.Home, "checkpoint.key"))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await server.AsOperator("GET", "/v1/ops/audit/verification")).Json.GetProperty("good").GetBoolean()
            .ShouldBeTrue();
    }

    [Fact]
    public void A_rotation_on_one_server_counts_on_the_others_at_once()
    {
        var (home, settings) = (new HomeFolder(server.Home), new EvidenceSettings(server.Home, 5, false));
        var (one, other) = (new CheckpointKeys(home, settings), new CheckpointKeys(home, settings));
        var before = other.Current.Public.Id;
        var rotated = one.Rotate(sm2: true).Public.Id;
        other.Current.Public.Id.ShouldBe(rotated);
        other.Public.Select(key => key.Id).ShouldContain(before);
    }

    [Fact]
    public async Task A_checkpoint_of_the_database_that_cannot_be_read_is_told_and_nothing_is_signed_or_exported()
    {
        await using var spoilt = new ServerUnderTest();
        await spoilt.InitializeAsync();
        await spoilt.Merchant("spoilt");
        await using var source = NpgsqlDataSource.Create(spoilt.Database.AppConnection);
        await using var command = source.CreateCommand("""
            INSERT INTO log.checkpoints (position, batches, peaks, body) VALUES (9999, 1, sha256(''), 'jifu')
            """);
        await command.ExecuteNonQueryAsync();
        foreach (var (method, path) in new[]
        {
            ("GET", "checkpoints"), ("POST", "checkpoints"), ("GET", "export?kind=all"),
        })
        {
            var answer = await spoilt.AsOperator(method, $"/v1/ops/audit/{path}");
            answer.Refusal.ShouldBe("409 log_altered");
            answer["detail"].ShouldContain("position 9999 is not as it was written");
        }

        (await spoilt.AsOperator("GET", "/v1/ops/audit/verification")).Json.GetProperty("good").GetBoolean()
            .ShouldBeFalse();
    }
}
