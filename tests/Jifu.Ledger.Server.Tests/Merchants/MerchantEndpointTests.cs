namespace Jifu.Ledger.Server.Tests.Merchants;

[Collection("server")]
public class MerchantEndpointTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_merchant_is_registered_once_and_a_repeat_is_quiet()
    {
        var first = await server.AsOperator("POST", "/v1/merchants", ServerUnderTest.Registration("m-once"));
        first.Status.ShouldBe(201);
        first.Headers["Location"].ShouldBe("/v1/merchants/m-once");
        var again = await server.AsOperator("POST", "/v1/merchants", ServerUnderTest.Registration("m-once"));
        again.Status.ShouldBe(200);
        again.Body.ShouldBe(first.Body);
        var other = ServerUnderTest.Registration("m-once").Replace("6000", "5000", StringComparison.Ordinal);
        (await server.AsOperator("POST", "/v1/merchants", other)).Refusal.ShouldBe("409 merchant_already_exists");
    }

    [Fact]
    public async Task Terms_are_set_one_by_one()
    {
        await server.Merchant("m-terms");
        const string Address = "/v1/merchants/m-terms";
        (await server.AsOperator("PUT", $"{Address}/fee-plan", """
            {"on_refund":"kept","rates":[{"channel":"sandbox","rate_ppm":3800}]}
            """)).Status.ShouldBe(200);
        (await server.AsOperator("PUT", $"{Address}/split-rules", """
            {"rules":[{"receiver":"agent-1","rate_ppm":100000}]}
            """)).Status.ShouldBe(200);
        (await server.AsOperator("PUT", $"{Address}/risk-limits", """{"per_day_amount":1000000}""")).Status
            .ShouldBe(200);
        (await server.AsOperator("PUT", $"{Address}/settlement-term", """{"settlement_term":"t0"}""")).Status
            .ShouldBe(200);
        const string Numbers = """{"channel":"wechatpay","numbers":["1900000999"]}""";
        (await server.AsOperator("PUT", $"{Address}/channel-numbers", Numbers)).Status.ShouldBe(200);
        (await server.AsOperator("PUT", $"{Address}/channel-numbers", """{"channel":"alipay","numbers":["1 2"]}"""))
            .Refusal.ShouldBe("422 channel_numbers_invalid");
        var shown = await server.AsOperator("GET", Address);
        shown["settlement_term"].ShouldBe("t0");
        shown.Json.GetProperty("fee_plan").ToString()
            .ShouldBe("""{"on_refund":"kept","rates":[{"channel":"sandbox","rate_ppm":3800}]}""");
        shown.Json.GetProperty("split_rules").ToString().ShouldBe("""[{"receiver":"agent-1","rate_ppm":100000}]""");
        shown.Json.GetProperty("risk_limits").ToString().ShouldBe("""{"per_day_amount":1000000}""");
        shown.Json.GetProperty("channel_numbers").ToString().ShouldBe($"[{Numbers}]");
    }

    [Fact]
    public async Task A_rule_of_the_domain_refuses_with_its_own_name()
    {
        await server.Merchant("m-refused");
        (await server.AsOperator("PUT", "/v1/merchants/m-refused/fee-plan", """
            {"on_refund":"kept","rates":[{"channel":"sandbox","rate_ppm":1000001}]}
            """)).Refusal.ShouldBe("422 fee_plan_invalid");
        (await server.AsOperator("GET", "/v1/merchants/nobody")).Refusal.ShouldBe("404 merchant_not_found");
        (await server.AsOperator("PUT", "/v1/merchants/nobody/settlement-term", """{"settlement_term":"t0"}"""))
            .Refusal.ShouldBe("404 merchant_not_found");
    }

    [Fact]
    public async Task A_third_live_key_is_refused()
    {
        await server.Merchant("m-keys");
        const string Secret = """{"algorithm":"hmac_sha256"}""";
        var second = await server.AsOperator("POST", "/v1/merchants/m-keys/keys", Secret);
        second.Status.ShouldBe(201);
        (await server.AsOperator("POST", "/v1/merchants/m-keys/keys", Secret)).Refusal
            .ShouldBe("409 too_many_live_keys");
        (await server.AsOperator("DELETE", $"/v1/merchants/m-keys/keys/{second["key_id"]}")).Status.ShouldBe(200);
        (await server.AsOperator("POST", "/v1/merchants/m-keys/keys", Secret)).Status.ShouldBe(201);
    }

    [Fact]
    public async Task Names_are_put_on_lists_and_taken_off()
    {
        (await server.AsOperator("PUT", "/v1/risk/lists/black/payer:p1?reason=fraud")).Body
            .ShouldBe("""{"black":["payer:p1"],"white":[]}""");
        (await server.AsOperator("PUT", "/v1/risk/lists/black/payer:p1?reason=fraud")).Status.ShouldBe(200);
        (await server.AsOperator("DELETE", "/v1/risk/lists/black/payer:p1?reason=mistake")).Body
            .ShouldBe("""{"black":[],"white":[]}""");
        (await server.AsOperator("PUT", "/v1/risk/lists/grey/payer:p1?reason=x")).Refusal
            .ShouldBe("400 parameter_invalid");
        (await server.AsOperator("PUT", "/v1/risk/lists/black/p1?reason=x")).Refusal.ShouldBe("400 parameter_invalid");
    }
}
