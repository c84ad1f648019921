namespace Jifu.Ledger.Server.Tests.Merchants;

/// <summary>On a server of its own: it counts all merchants.</summary>
public class MerchantListTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task An_operator_lists_merchants_oldest_first()
    {
        foreach (var id in new[] { "m-c", "m-a", "m-b" })
            await Shop.Open(server, id);
        await server.CaughtUp();
        var first = await server.AsOperator("GET", "/v1/merchants?limit=2");
        Ids(first).ShouldBe("m-c m-a");
        var cursor = first["next_cursor"];
        var last = await server.AsOperator("GET", $"/v1/merchants?limit=2&cursor={cursor}");
        Ids(last).ShouldBe("m-b");
        last.Json.TryGetProperty("next_cursor", out _).ShouldBeFalse();
        (await server.AsOperator("GET", $"/v1/merchants?cursor={cursor[..^1]}")).Refusal.ShouldBe("400 cursor_invalid");
        (await server.AsOperator("GET", "/v1/merchants?limit=0")).Refusal.ShouldBe("400 parameter_invalid");
        var shop = await Shop.Open(server, "m-d");
        (await shop.Get("/v1/merchants")).Refusal.ShouldBe("403 role_not_admitted");
    }

    [Theory]
    [InlineData("m\\n")]
    [InlineData("m/n")]
    [InlineData("")]
    [InlineData("商户")]
    public async Task An_id_that_does_not_do_is_refused(string id) =>
        (await server.AsOperator("POST", "/v1/merchants", ServerUnderTest.Registration(id)))
            .Refusal.ShouldBe("400 field_invalid");

    private static string Ids(Answer page) => string.Join(' ', page.Json.GetProperty("items").EnumerateArray()
        .Select(item => item.GetProperty("merchant_id").GetString()));
}
