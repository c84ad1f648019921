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
        var program = RequestSigner.Hmac(
            made["key_id"], Convert.FromBase64String(made["secret"]), TimeProvider.System);
        (await server.Send(program, "GET", "/v1/ops/projections")).Refusal.ShouldBe("403 role_not_admitted");
        (await server.AsOperator("DELETE", $"/v1/ops/keys/{made["key_id"]}")).Status.ShouldBe(204);
    }

    private async Task<Answer> Made(string role)
    {
        var made = await server.AsOperator("POST", "/v1/ops/keys", $$"""{"role":"{{role}}"}""");
        made.Status.ShouldBe(201);
        return made;
    }
}
