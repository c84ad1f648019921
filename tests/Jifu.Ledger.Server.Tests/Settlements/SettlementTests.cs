namespace Jifu.Ledger.Server.Tests.Settlements;

/// <summary>On a server of its own: a run clears all merchants.</summary>
public class SettlementTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_T0_merchant_is_paid_out_today_and_each_run_counts_once()
    {
        var (fast, slow) = (
            await Shop.Open(server, "t0-fast", new("t0")), await Shop.Open(server, "t0-slow", new("t1")));
        await fast.Paid("1", 10_000);
        await slow.Paid("1", 10_000);
        var first = await ClearNow(101);
        Settled(first, "t0-fast").ShouldBe("confirmed");
        first.Body.ShouldNotContain("t0-slow");
        (await fast.Balances()).ShouldBeEmpty();
        (await slow.Balances()).ShouldBe("merchant_pending 9940");

        // The same run again pays nothing again, also when there is more by now.
        await fast.Paid("2", 1_000);
        await server.CaughtUp();
        (await ClearNow(101)).Body.ShouldBe(first.Body);
        (await fast.Balances()).ShouldBe("merchant_pending 994");
        Settled(await ClearNow(102), "t0-fast").ShouldBe("confirmed");
        var page = await fast.Get("/v1/settlements?limit=1");
        Amounts(page).ShouldBe("994");
        Amounts(await fast.Get($"/v1/settlements?limit=1&cursor={page["next_cursor"]}")).ShouldBe("9940");
        Amounts(await slow.Get("/v1/settlements")).ShouldBeEmpty();
        (await server.AsSuperuser<long>("SELECT sum(amount)::bigint FROM sandbox.payout WHERE account = 'bank-1'"))
            .ShouldBe(10_934);
    }

    [Fact]
    public async Task A_payout_that_the_bank_refuses_can_be_sent_again()
    {
        var shop = await Shop.Open(server, "t0-refused", new("t0", "sandbox:refuse"));
        await shop.Paid("1", 10_000);
        var id = IdOf(await ClearNow(null), shop.Id);
        (await shop.Balances()).ShouldBe("merchant_available 9940");
        Statuses(await shop.Get("/v1/settlements")).ShouldBe("failed");
        (await server.AsOperator("POST", $"/v1/ops/settlements/{id}/send"))["status"].ShouldBe("ready");
        (await server.AsSuperuser<long>("SELECT count(*) FROM sandbox.payout WHERE account = 'sandbox:refuse'"))
            .ShouldBe(2);
        (await shop.Balances()).ShouldBe("merchant_available 9940");
    }

    [Fact]
    public async Task A_payout_whose_answer_is_lost_is_confirmed_once_somebody_asks()
    {
        var shop = await Shop.Open(server, "t0-silent", new("t0", "sandbox:silent"));
        await shop.Paid("1", 10_000);
        Settled(await ClearNow(null), shop.Id).ShouldBe("in_transit");
        (await shop.Balances()).ShouldBe("payout_in_transit 9940");
        (await server.AsOperator("POST", "/v1/ops/chase")).Number("asked").ShouldBeGreaterThan(0);
        await server.CaughtUp();
        Statuses(await shop.Get("/v1/settlements")).ShouldBe("confirmed");
        (await shop.Balances()).ShouldBeEmpty();
        (await server.AsSuperuser<long>("SELECT count(*) FROM sandbox.payout WHERE account = 'sandbox:silent'"))
            .ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_paid_out_to_who_is_on_the_black_list()
    {
        var shop = await Shop.Open(server, "t0-black", new("t0", "bank-black"));
        await shop.Paid("1", 10_000);
        const string List = "/v1/risk/lists/black/merchant:t0-black?reason=fraud";
        (await server.AsOperator("PUT", List)).Status.ShouldBe(200);
        (await shop.Pay(new("2", 1))).Refusal.ShouldBe("422 payment_refused_by_risk");
        var id = IdOf(await ClearNow(null), shop.Id);
        (await server.AsOperator("POST", $"/v1/ops/settlements/{id}/send"))
            .Refusal.ShouldBe("422 settlement_held_by_risk");
        Statuses(await shop.Get("/v1/settlements")).ShouldBe("held");
        (await server.AsSuperuser<long>("SELECT count(*) FROM sandbox.payout WHERE account = 'bank-black'"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task A_run_that_cannot_be_is_refused()
    {
        var today = await server.Today();
        (await Clear($$"""{"channel":"sandbox","term":"t1","day":"{{today}}"}"""))
            .Refusal.ShouldBe("409 clearing_day_not_over");
        (await Clear("""{"channel":"sandbox","term":"t1"}""")).Refusal.ShouldBe("400 field_missing");
        (await Clear("""{"channel":"sandbox","term":"t0","run":0}""")).Refusal.ShouldBe("400 field_invalid");
        (await server.AsOperator("POST", "/v1/ops/settlements/none/send")).Refusal.ShouldBe("404 settlement_not_found");
    }

    private Task<Answer> Clear(string body) => server.AsOperator("POST", "/v1/ops/clearing", body);

    private async Task<Answer> ClearNow(int? run)
    {
        var answer = await Clear(run is null
            ? """{"channel":"sandbox","term":"t0"}"""
            : $$"""{"channel":"sandbox","term":"t0","run":{{run}}}""");
        answer.Refusal.ShouldBe("200");
        await server.CaughtUp();
        return answer;
    }

    private static System.Text.Json.JsonElement Of(Answer run, string merchant) =>
        run.Json.GetProperty("settlements").EnumerateArray().Single(one => one.GetProperty("settlement_id")
            .GetString()!.Contains($"_{merchant}_", StringComparison.Ordinal));

    private static string IdOf(Answer run, string merchant) =>
        Of(run, merchant).GetProperty("settlement_id").GetString()!;

    private static string Settled(Answer run, string merchant) => Of(run, merchant).GetProperty("status").GetString()!;

    private static string Amounts(Answer page) => string.Join(' ', page.Json.GetProperty("items").EnumerateArray()
        .Select(item => item.GetProperty("amount").GetInt64()));

    private static string Statuses(Answer page) => string.Join(' ', page.Json.GetProperty("items").EnumerateArray()
        .Select(item => item.GetProperty("status").GetString()));
}
