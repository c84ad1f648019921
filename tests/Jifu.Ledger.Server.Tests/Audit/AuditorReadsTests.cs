using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Audit;

/// <summary>What merchants see of their own, those who check the books see of any merchant, and change
/// nothing.</summary>
public sealed class AuditorReadsTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    [Fact]
    public async Task An_auditor_reads_any_merchants_payments_refunds_settlements_and_bills()
    {
        var listed = await Get("/v1/payments?merchant_id=m1");
        listed.Refusal.ShouldBe("200");
        listed.Body.ShouldBe((await server.Shop.Get("/v1/payments")).Body);
        var payment = listed.Json.GetProperty("items").EnumerateArray()
            .Single(one => one.GetProperty("merchant_order_no").GetString() == "1-b").GetProperty("payment_id");
        foreach (var path in new[]
        {
            $"/v1/payments/{payment}", $"/v1/payments/{payment}/refunds/r1", $"/v1/payments/{payment}/timeline",
        })
            (await Get(path)).Body.ShouldBe((await server.Shop.Get(path)).Body, path);
        (await Get("/v1/payments/by-order-no/1-b?merchant_id=m1")).Body
            .ShouldBe((await server.Shop.Get("/v1/payments/by-order-no/1-b")).Body);
        (await Get("/v1/settlements?merchant_id=m1")).Body.ShouldBe((await server.Shop.Get("/v1/settlements")).Body);
        var day = await server.Running.Today();
        (await Get($"/v1/bills/{day}?merchant_id=m1")).Refusal.ShouldBe("409 bill_day_not_over");
        (await Get($"/v1/bills/{day.Previous}?merchant_id=m1")).Body
            .ShouldBe((await server.Shop.Get($"/v1/bills/{day.Previous}")).Body);

        // The operator does, too; a page goes on only for the merchant that it was of.
        (await server.Running.AsOperator("GET", "/v1/payments?merchant_id=m1")).Body.ShouldBe(listed.Body);
        var next = (await Get("/v1/payments?merchant_id=m1&limit=1"))["next_cursor"];
        (await Get($"/v1/payments?merchant_id=m1&limit=1&cursor={next}")).Json.GetProperty("items")[0]
            .GetProperty("merchant_order_no").GetString().ShouldBe("1-a");
        await server.Running.Merchant("m2");
        (await Get($"/v1/payments?merchant_id=m2&limit=1&cursor={next}")).Refusal.ShouldBe("400 cursor_invalid");
    }

    [Theory]
    [InlineData("/v1/payments")]
    [InlineData("/v1/payments/by-order-no/1-b")]
    [InlineData("/v1/settlements")]
    [InlineData("/v1/bills/2026-11-20")]
    public async Task Whose_is_asked_for_is_said_by_all_but_merchants_who_see_their_own_only(string path)
    {
        (await Get(path)).Refusal.ShouldBe("400 parameter_invalid");
        (await Get($"{path}?merchant_id=nobody")).Refusal.ShouldBe("404 merchant_not_found");
        (await server.Shop.Get($"{path}?merchant_id=m3")).Refusal.ShouldBe("404 merchant_not_found");
        (await server.Shop.Get($"{path}?merchant_id=m1")).Status.ShouldBe((await server.Shop.Get(path)).Status);
    }

    [Fact]
    public async Task An_auditor_changes_nothing_of_a_payment()
    {
        var payment = (await server.Shop.Get("/v1/payments/by-order-no/1-b"))["payment_id"];
        foreach (var path in new[]
        {
            "/v1/payments", $"/v1/payments/{payment}/refunds", $"/v1/payments/{payment}/refresh",
            $"/v1/payments/{payment}/close", $"/v1/payments/{payment}/cancel", $"/v1/payments/{payment}/splits",
            "/v1/transfers", "/v1/ops/chase",
        })
            (await server.Running.Send(server.Auditor, "POST", path, "{}", ("Idempotency-Key", "a1"))).Refusal
                .ShouldBe("403 role_not_admitted", path);
    }

    [Fact]
    public async Task Of_before_an_accounts_first_line_it_is_told_that_there_was_none_and_when_it_began()
    {
        var begins = (await Get("/v1/ops/accounts/merchant_pending:m1/why?as_of=0")).Json.GetProperty("begins");
        var position = begins.GetProperty("position").GetInt64();
        var first = (await Get($"/v1/ops/events?from={position}&to={position}")).Json.GetProperty("events")[0];
        begins.GetProperty("recorded_at").GetString().ShouldBe(first.GetProperty("recorded_at").GetString());
        (await Get($"/v1/ops/accounts/merchant_pending:m1/why?as_of={position}")).Json
            .TryGetProperty("begins", out _).ShouldBeFalse();
        (await Get($"/v1/balances?account=merchant_pending:m1&as_of={position - 1}"))["detail"]
            .ShouldContain($"the first line is of position {position}, ");

        var (code, said, _) = await JifuCommand.Run(
            server.Running.Home, "why", "merchant_pending:m1", "--as-of", "0");
        code.ShouldBe(0);
        said.ShouldContain("merchant_pending:m1");
        said.ShouldContain($"did not exist as of position 0: its first line is of position {position}, ");
        said.ShouldNotContain("position  recorded at");
        JsonDocument.Parse((await JifuCommand.Run(
            server.Running.Home, "why", "merchant_pending:m1", "--as-of", "0", "--json")).Said).RootElement
            .GetProperty("begins").GetProperty("position").GetInt64().ShouldBe(position);
    }

    private Task<Answer> Get(string target) => server.Running.Send(server.Auditor, "GET", target);
}
