namespace Jifu.Ledger.Server.Tests.Problems;

[Collection("server")]
public class ProblemTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_problem_has_the_shape_of_RFC_9457_and_its_type_is_a_page()
    {
        var answer = await server.AsOperator("GET", "/v1/merchants/nobody");
        answer.Headers["Content-Type"].ShouldBe("application/problem+json");
        answer.Json.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["type", "title", "status", "detail", "code", "trace_id", "retryable"]);
        answer["title"].ShouldBe("There is no such merchant");
        answer["detail"].ShouldBe("商户不存在。Merchant nobody.");
        answer["trace_id"].Length.ShouldBe(32);
        answer["type"].ShouldBe("/docs/errors/merchant_not_found");
        var page = await server.Send(null, "GET", answer["type"]);
        page.Status.ShouldBe(200);
        page.Body.ShouldContain("商户不存在");
        page.Body.ShouldContain("中文：");
        page.Headers["Content-Security-Policy"].ShouldContain("default-src 'none'");
    }

    [Fact]
    public async Task A_body_beyond_one_mebibyte_or_of_another_type_is_refused()
    {
        var big = $$"""{"amount":100,"currency":"CNY","behave":"{{new string('x', 1 << 20)}}"}""";

        // Refused by its announced length; a client that sends all the same may only see the connection end.
        (await server.Send(
            server.Operator, "POST", "/v1/probe", big, ("Idempotency-Key", "big"), ("Expect", "100-continue")))
            .Refusal.ShouldBe("413 body_too_large");
        (await server.AsOperator("PUT", "/v1/merchants/nobody/settlement-term")).Refusal
            .ShouldBe("415 media_type_unsupported");
    }

    [Fact]
    public async Task An_endpoint_that_names_no_role_admits_nobody() =>
        (await server.AsOperator("GET", "/v1/probe/forgotten")).Refusal.ShouldBe("403 role_not_admitted");

    [Fact]
    public async Task Pages_are_served_by_this_server_alone()
    {
        foreach (var address in new[] { "/docs", "/docs/docs.css", "/docs/docs.js", "/docs/errors" })
        {
            var page = await server.Send(null, "GET", address);
            page.Status.ShouldBe(200);
            page.Body.ShouldNotContain("https://");
        }
    }
}
