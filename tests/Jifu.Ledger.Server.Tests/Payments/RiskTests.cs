namespace Jifu.Ledger.Server.Tests.Payments;

[Collection("shops")]
public class RiskTests(ServerUnderTest server)
{
    private const string Refused = "422 payment_refused_by_risk";

    [Fact]
    public async Task A_payment_beyond_the_limit_per_transaction_never_goes_out()
    {
        var shop = await Shop.Open(server, "risk-each", new(PerTransaction: 1_000));
        await shop.Paid("1", 1_000);
        (await shop.Pay(new("2", 1_001))).Refusal.ShouldBe(Refused);
        (await shop.Pay(new("2", 1_001))).Refusal.ShouldBe(Refused);
        var refused = await shop.Get("/v1/payments/by-order-no/2");
        (refused["status"], refused["failure_reason"]).ShouldBe(("refused", "per_transaction_limit"));
        (await shop.Timeline(refused["payment_id"])).ShouldBe(["created", "judged"]);
        (await server.AsSuperuser<long>(
            "SELECT count(*) FROM sandbox.payment WHERE payment_id = @id", new { id = refused["payment_id"] }))
            .ShouldBe(0);
    }

    [Fact]
    public async Task Payments_of_a_day_keep_to_the_limit_per_day_also_at_the_same_moment()
    {
        var shop = await Shop.Open(server, "risk-day", new(PerDay: 1_000));
        await shop.Paid("first", 100);

        // What came to nothing does not count.
        (await shop.Pay(new("failed", 900, PayerCode: "sandbox:refuse")))["status"].ShouldBe("failed");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => shop.Pay(new($"n{i}", 100))));
        answers.Count(answer => answer.Refusal == "201").ShouldBe(9);
        answers.Count(answer => answer.Refusal == Refused).ShouldBe(3);

        await server.MoveClock((await server.Today()).Next.Start.AddHours(10));
        await shop.Paid("tomorrow", 1_000);
        (await shop.Pay(new("beyond", 1))).Refusal.ShouldBe(Refused);
    }

    [Fact]
    public async Task Who_is_on_the_black_list_pays_nothing()
    {
        var shop = await Shop.Open(server, "risk-black");
        const string List = "/v1/risk/lists/black/payer:mallory?reason=stolen%20cards";
        (await server.AsOperator("PUT", List)).Status.ShouldBe(200);
        (await shop.Pay(new("1", 100, PayerId: "mallory"))).Refusal.ShouldBe(Refused);
        (await shop.Pay(new("2", 100, PayerId: "alice"))).Refusal.ShouldBe("201");
        (await server.AsOperator("DELETE", List)).Status.ShouldBe(200);
        (await shop.Pay(new("3", 100, PayerId: "mallory"))).Refusal.ShouldBe("201");

        // The judgement on an order stands.
        (await shop.Pay(new("1", 100, PayerId: "mallory"))).Refusal.ShouldBe(Refused);
    }

    [Fact]
    public async Task Limits_do_not_hold_for_who_is_on_the_white_list()
    {
        var shop = await Shop.Open(server, "risk-white", new(PerTransaction: 10));
        (await shop.Pay(new("1", 100, PayerId: "grandma"))).Refusal.ShouldBe(Refused);
        (await server.AsOperator("PUT", "/v1/risk/lists/white/payer:grandma?reason=known")).Status.ShouldBe(200);
        (await shop.Pay(new("2", 100, PayerId: "grandma"))).Refusal.ShouldBe("201");
    }

    [Fact]
    public async Task Limits_may_be_changed()
    {
        var shop = await Shop.Open(server, "risk-change", new(PerTransaction: 10));
        (await server.AsOperator(
            "PUT", $"/v1/merchants/{shop.Id}/risk-limits", """{"per_transaction_amount":20}""")).Status.ShouldBe(200);
        await shop.Paid("1", 20);
        (await shop.Pay(new("2", 21))).Refusal.ShouldBe(Refused);
    }
}
