using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Tests.Ops;

/// <summary>Where two people are asked for, two keys of one person will not do.</summary>
[Collection("server")]
public class TwoPeopleTests(ServerUnderTest server)
{
    private const string Rule =
        """{"kind":"tolerance","classes":["fee_differs"],"within_minor":2,"rest_to":"channel_cost"}""";

    [Fact]
    public async Task Who_makes_keys_of_their_own_is_still_one_person()
    {
        var first = server.Operator;
        var (mei, bo) = (await Made(first), await Made(first));
        var (second, third) = (await Made(mei), await Made(mei));
        var deeper = await Made(second);

        // Mei's keys are Mei, however they were made; and whoever made Mei's key could have kept it.
        foreach (var (no, proposer) in new[] { mei, second, third, deeper }.Index())
        {
            await Proposed(proposer, $"alone{no}");
            foreach (var approver in new[] { mei, second, third, deeper, first })
                (await Approved(approver, $"alone{no}")).ShouldBe("403 rule_approver_is_proposer");
            (await Approved(bo, $"alone{no}")).ShouldBe("200");
            (await Approved(bo, $"alone{no}")).ShouldBe("200");
            (await server.AsOperator(
                "POST", $"/v1/ops/matching-rules/alone{no}/retirement", """{"reason":"tried"}""")).Refusal
                .ShouldBe("200");
        }

        await Proposed(first, "by-the-first");
        (await Approved(deeper, "by-the-first")).ShouldBe("403 rule_approver_is_proposer");
        (await Approved(first, "by-the-first")).ShouldBe("403 rule_approver_is_proposer");
    }

    [Fact]
    public async Task Keys_that_name_the_same_person_are_one_person_whoever_made_them()
    {
        var (laptop, no) = await Key(server.Operator, "李雷 Li Lei");
        var (script, _) = await Key(server.Operator, "李雷 LI LEI");
        var (bo, _) = await Key(server.Operator, "Bo");
        var (bos, _) = await Key(laptop, "Bo");
        await Proposed(laptop, "named");
        (await Approved(script, "named")).ShouldBe("403 rule_approver_is_proposer");
        (await Approved(await Made(script), "named")).ShouldBe("403 rule_approver_is_proposer");

        // A name does not make somebody else of who made the key.
        (await Approved(bos, "named")).ShouldBe("403 rule_approver_is_proposer");
        (await Approved(bo, "named")).ShouldBe("200");

        (await server.AsOperator("GET", $"/v1/ops/events?stream=staffkey-{no}")).Json.GetProperty("events")[0]
            .GetProperty("payload").GetProperty("person").GetString().ShouldBe("李雷 Li Lei");
        var (code, said, _) = await JifuCommand.Run(server.Home, "keys", "list");
        code.ShouldBe(0);
        said.Split('\n').Single(line => line.StartsWith(no, StringComparison.Ordinal))
            .ShouldMatch($@"^{no}  operator +李雷 Li Lei +key:");
        foreach (var name in new[] { "", " Bo", "Bo ", "B\\u0007o", new string('b', 65) })
            (await server.AsOperator("POST", "/v1/ops/keys", $$"""{"role":"operator","person":"{{name}}"}""")).Refusal
                .ShouldBe("400 field_invalid");
    }

    [Fact]
    public async Task The_log_tells_who_made_a_key_and_who_ended_it()
    {
        var (mei, name) = await Key(server.Operator);
        var (_, second) = await Key(mei);
        (await server.Send(mei, "DELETE", $"/v1/ops/keys/{second}")).Status.ShouldBe(204);
        (await server.Send(mei, "DELETE", $"/v1/ops/keys/{second}")).Status.ShouldBe(204);
        var told = (await server.AsOperator("GET", $"/v1/ops/events?stream=staffkey-{second}")).Json
            .GetProperty("events").EnumerateArray().ToList();
        told.Select(one => $"{one.GetProperty("type")} by {one.GetProperty("actor")}")
            .ShouldBe([$"staffkey.added by key:{name}", $"staffkey.revoked by key:{name}"]);
        told[0].GetProperty("payload").GetProperty("role").GetString().ShouldBe("operator");
    }

    [Fact]
    public async Task A_key_that_writes_every_event_is_made_by_the_first_key_only()
    {
        var mei = await Made(server.Operator);
        const string node = """{"role":"ledger_node"}""";
        (await server.Send(mei, "POST", "/v1/ops/keys", node)).Refusal.ShouldBe("403 key_is_not_first");
        (await server.Send(server.Operator, "POST", "/v1/ops/keys", node)).Status.ShouldBe(201);
    }

    private async Task<RequestSigner> Made(RequestSigner by) => (await Key(by)).Signer;

    private async Task<(RequestSigner Signer, string KeyId)> Key(RequestSigner by, string? person = null)
    {
        var named = person is null ? "" : $",\"person\":\"{person}\"";
        var made = await server.Send(by, "POST", "/v1/ops/keys", $$"""{"role":"operator"{{named}}}""");
        made.Status.ShouldBe(201);
        var keyId = made["key_id"];
        return (
            RequestSigner.Hmac(keyId, Convert.FromBase64String(made["secret"]), TimeProvider.System), keyId);
    }

    private async Task Proposed(RequestSigner by, string rule) => (await server.Send(
        by, "PUT", $"/v1/ops/matching-rules/{rule}", $$"""{"rule":{{Rule}},"reason":"rounding"}""")).Refusal
        .ShouldBe("200");

    private async Task<string> Approved(RequestSigner by, string rule) => (await server.Send(
        by, "POST", $"/v1/ops/matching-rules/{rule}/approvals", """{"version":1}""")).Refusal;
}
