namespace Jifu.Ledger.Server.Tests.Json;

[Collection("server")]
public class StrictJsonTests(ServerUnderTest server)
{
    [Theory]
    [InlineData("""{"amount":100,"currency":"CNY"}""", "201")]
    [InlineData("""{"amount":0,"currency":"JPY"}""", "201")]
    [InlineData("""{"amount":9007199254740991,"currency":"CNY"}""", "201")]
    [InlineData("""{"amount":1.005,"currency":"CNY"}""", "400 amount_malformed $.amount")]
    [InlineData("""{"amount":1.0,"currency":"CNY"}""", "400 amount_malformed $.amount")]
    [InlineData("""{"amount":1e2,"currency":"CNY"}""", "400 amount_malformed $.amount")]
    [InlineData("""{"amount":"100","currency":"CNY"}""", "400 amount_malformed $.amount")]
    [InlineData("""{"amount":true,"currency":"CNY"}""", "400 amount_malformed $.amount")]
    [InlineData("""{"amount":9007199254740992,"currency":"CNY"}""", "400 amount_out_of_range $.amount")]
    [InlineData("""{"amount":99999999999999999999999,"currency":"CNY"}""", "400 amount_out_of_range $.amount")]
    [InlineData("""{"amount":-1,"currency":"CNY"}""", "400 amount_out_of_range $.amount")]
    [InlineData("""{"amount":-0,"currency":"CNY"}""", "400 amount_out_of_range $.amount")]
    [InlineData("""{"amount":100,"currency":"cny"}""", "400 currency_unknown $.currency")]
    [InlineData("""{"amount":100,"currency":"XXX"}""", "400 currency_unknown $.currency")]
    [InlineData("""{"amount":100,"currency":156}""", "400 currency_unknown $.currency")]
    [InlineData("""{"amount":100,"currency":"None"}""", "400 currency_unknown $.currency")]
    [InlineData("""{"amount":null,"currency":"CNY"}""", "400 field_type_wrong $.amount")]
    [InlineData("""{"amount":100,"amount":1,"currency":"CNY"}""", "400 field_duplicate $.amount")]
    [InlineData("""{"amount":100,"currency":"CNY","tip":1}""", "400 field_unknown $.tip")]
    [InlineData("""{"Amount":100,"currency":"CNY"}""", "400 field_unknown $.Amount")]
    [InlineData("""{"currency":"CNY"}""", "400 field_missing $.amount")]
    [InlineData("""{"amount":100,"currency":"CNY","behave":7}""", "400 field_type_wrong $.behave")]
    [InlineData("""[1]""", "400 field_type_wrong $")]
    [InlineData("""null""", "400 field_type_wrong $")]
    [InlineData("""{"amount":100,"currency":"CNY"} {}""", "400 json_malformed $")]
    [InlineData("""{"amount":100,"currency":"CNY",}""", "400 json_malformed $")]
    [InlineData("""{"amount":100,/* */"currency":"CNY"}""", "400 json_malformed $")]
    [InlineData("""{"amount":0100,"currency":"CNY"}""", "400 json_malformed $")]
    [InlineData("""{'amount':100}""", "400 json_malformed $")]
    [InlineData("", "400 json_malformed $")]
    public async Task A_body_is_read_to_the_letter_or_refused_with_what_and_where(string body, string expected)
    {
        var runs = server.Probe.Runs;
        var answer = await server.Send(
            server.Operator, "POST", "/v1/probe", body, ("Idempotency-Key", $"json-{Guid.CreateVersion7()}"));
        var where = answer.Status < 400 ? "" : answer.Json.GetProperty("errors")[0].GetProperty("path").GetString();
        $"{answer.Refusal} {where}".TrimEnd().ShouldBe(expected);
        (server.Probe.Runs - runs).ShouldBe(expected == "201" ? 1 : 0);
    }

    [Fact]
    public async Task Everything_wrong_with_the_names_is_told_at_once()
    {
        var answer = await server.AsOperator("POST", "/v1/merchants", """
            {"merchant_id":"m-x","name":"","name":"b","tip":1,"payout_account":"b","settlement_term":"t1",
             "fee_plan":{"rates":[{"channel":"sandbox","rate":6000}]}}
            """);
        answer.Json.GetProperty("errors").EnumerateArray()
            .Select(error => $"{error.GetProperty("code")} {error.GetProperty("path")}")
            .ShouldBe(
            [
                "field_duplicate $.name", "field_unknown $.tip", "field_unknown $.fee_plan.rates[0].rate",
                "field_missing $.fee_plan.rates[0].rate_ppm", "field_missing $.fee_plan.on_refund",
            ]);
    }

    [Fact]
    public async Task A_value_that_a_validator_refuses_is_named_by_its_place()
    {
        var answer = await server.AsOperator("POST", "/v1/merchants",
            ServerUnderTest.Registration("has space").Replace("测试商户", "", StringComparison.Ordinal));
        answer.Refusal.ShouldBe("400 field_invalid");
        answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString())
            .ShouldBe(["$.merchant_id", "$.name"]);
        (await server.AsOperator("POST", "/v1/merchants",
                ServerUnderTest.Registration("m-x").Replace("\"sandbox\"", "\"paypal\"", StringComparison.Ordinal)))
            .Json.GetProperty("errors")[0].GetProperty("path").GetString().ShouldBe("$.fee_plan.rates[0].channel");
    }
}
