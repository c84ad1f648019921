using System.Text.Json;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Tests.Admission;

[Collection("server")]
public class StaffKeyTests(ServerUnderTest server)
{
    [Theory]
    [InlineData("event_writer")]
    [InlineData("ledger_node")]
    public async Task A_programs_key_opens_nothing_of_the_api(string role)
    {
        var made = await Made(role);
        made["secret"].ShouldMatch("^[A-Za-z0-9]{44}$", "it stands in connection strings as it is");
        var program = RequestSigner.Hmac(
            made["key_id"], Convert.FromBase64String(made["secret"]), TimeProvider.System);
        (await server.Send(program, "GET", "/v1/ops/projections")).Refusal.ShouldBe("403 role_not_admitted");
        (await server.AsOperator("DELETE", $"/v1/ops/keys/{made["key_id"]}")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task All_keys_are_listed_with_who_made_them_and_when_they_ended_and_never_a_secret()
    {
        await server.Merchant("m-listed");
        var (mei, first) = (await Made("operator"), KeyIdOf(server.Operator));
        var signer = RequestSigner.Hmac(mei["key_id"], Convert.FromBase64String(mei["secret"]), TimeProvider.System);
        var made = await server.Send(signer, "POST", "/v1/ops/keys", """{"role":"auditor"}""");
        (await server.AsOperator("DELETE", $"/v1/ops/keys/{made["key_id"]}")).Status.ShouldBe(204);

        var all = await Listed("?limit=2");
        all.Select(one => one.GetProperty("key_id").GetString()).Distinct().Count().ShouldBe(all.Count);
        Told(all, first).ShouldBe("operator by installation");
        Told(all, mei["key_id"]).ShouldBe($"operator by key:{first}");
        Told(all, made["key_id"]).ShouldBe($"auditor by key:{mei["key_id"]} ended");
        var shops = (await Listed("?merchant_id=m-listed")).ShouldHaveSingleItem();
        Told([shops], shops.GetProperty("key_id").GetString()!).ShouldBe($"merchant m-listed by key:{first}");
        (await Listed("?role=auditor")).ShouldAllBe(one => one.GetProperty("role").GetString() == "auditor");
        all.ShouldAllBe(one => !one.GetRawText().Contains("secret", StringComparison.Ordinal));

        (await server.AsOperator("GET", "/v1/ops/keys?role=chief")).Refusal.ShouldBe("400 parameter_invalid");
        (await server.Send(await server.Merchant("m-asks"), "GET", "/v1/ops/keys")).Refusal
            .ShouldBe("403 role_not_admitted");

        var (code, said, _) = await JifuCommand.Run(server.Home, "keys", "list");
        code.ShouldBe(0);
        var line = said.Split('\n').Single(line => line.StartsWith(made["key_id"], StringComparison.Ordinal));
        line.ShouldMatch($@"^{made["key_id"]}  auditor +key:{mei["key_id"]} +\S+ \S+ +\S+ \S+\s*$");
        said.Split('\n').Single(one => one.StartsWith(mei["key_id"], StringComparison.Ordinal))
            .ShouldMatch($@"^{mei["key_id"]}  operator +key:{first} +\S+ \S+\s*$");
        (await JifuCommand.Run(server.Home, "keys", "list", "--merchant", "m-listed", "--json")).Said
            .ShouldContain("\"merchant_id\": \"m-listed\"");
    }

    private async Task<List<JsonElement>> Listed(string query)
    {
        var all = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.AsOperator("GET", $"/v1/ops/keys{query}{cursor}");
            page.Refusal.ShouldBe("200");
            all.AddRange(page.Json.GetProperty("items").EnumerateArray());
            cursor = page.Json.TryGetProperty("next_cursor", out var next) ? $"&cursor={next.GetString()}" : null;
        }

        return all;
    }

    private static string Told(List<JsonElement> all, string keyId)
    {
        var one = all.Single(one => one.GetProperty("key_id").GetString() == keyId);
        one.GetProperty("made_at").GetDateTimeOffset().ShouldBeGreaterThan(default);
        return one.GetProperty("role").GetString()
            + (one.TryGetProperty("merchant_id", out var merchant) ? $" {merchant}" : "")
            + $" by {one.GetProperty("made_by")}" + (one.TryGetProperty("ended_at", out _) ? " ended" : "");
    }

    private static string KeyIdOf(RequestSigner signer) =>
        SignedHeader.TryParse(signer.Header("GET", "/", []), out var header) ? header.KeyId : "";

    private async Task<Answer> Made(string role)
    {
        var made = await server.AsOperator("POST", "/v1/ops/keys", $$"""{"role":"{{role}}"}""");
        made.Status.ShouldBe(201);
        return made;
    }
}
