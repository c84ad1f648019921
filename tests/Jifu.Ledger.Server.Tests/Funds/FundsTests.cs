namespace Jifu.Ledger.Server.Tests.Funds;

/// <summary>Transfers, limits and what a merchant may not give away.</summary>
[Collection("shops")]
public class FundsTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_transfer_takes_cleared_money_or_an_agreed_limit_and_counts_once()
    {
        var (payer, payee) = (await Shop.Open(server, "funds-payer"), await Shop.Open(server, "funds-payee"));
        await payer.Paid("1", 10_000);
        (await Give(payer, "t1", payee.Id, 5_000)).Refusal.ShouldBe("422 funds_insufficient");
        await payer.MayOwe(6_000);

        (await Give(payer, "t1", payee.Id, 5_000)).Refusal.ShouldBe("201");
        (await Give(payer, "t1", payee.Id, 5_000)).Refusal.ShouldBe("200");
        (await Give(payer, "t1", payee.Id, 5_001)).Refusal.ShouldBe("409 transfer_no_reused");
        (await Give(payer, "t2", payee.Id, 1_001)).Refusal.ShouldBe("422 funds_insufficient");
        (await Give(payer, "t2", payer.Id, 1)).Refusal.ShouldBe("422 transfer_to_itself");
        (await Give(payer, "t2", "nobody", 1)).Refusal.ShouldBe("404 merchant_not_found");
        (await Give(payee, "t1", payer.Id, 4_000)).Refusal.ShouldBe("201");
        (await payer.Balances()).ShouldBe("merchant_available -1000, merchant_pending 9940");
        (await payee.Balances()).ShouldBe("merchant_available 1000");
    }

    [Fact]
    public async Task A_refund_of_money_that_was_given_away_is_refused_until_there_is_some_again()
    {
        var (shop, other) = (await Shop.Open(server, "funds-refund"), await Shop.Open(server, "funds-other"));
        var paid = await shop.Paid("1", 10_000);
        await shop.MayOwe(9_000);
        (await Give(shop, "t1", other.Id, 9_000)).Refusal.ShouldBe("201");
        await shop.MayOwe(0);

        (await shop.Refund(paid, "r1", 1_000)).Refusal.ShouldBe("422 funds_insufficient");
        (await shop.Refund(paid, "r1", 900)).Refusal.ShouldBe("201");
        await shop.Paid("2", 200);
        (await shop.Refund(paid, "r2", 200)).Refusal.ShouldBe("201");
    }

    [Fact]
    public async Task A_limit_is_the_operators_to_set()
    {
        var shop = await Shop.Open(server, "funds-limit");
        (await server.AsOperator("PUT", "/v1/merchants/nobody/overdraft-limit",
            """{"amount":1,"currency":"CNY","reason":"contract"}""")).Refusal.ShouldBe("404 merchant_not_found");
        (await server.Send(shop.Signer, "PUT", $"/v1/merchants/{shop.Id}/overdraft-limit",
            """{"amount":1,"currency":"CNY","reason":"contract"}""")).Refusal.ShouldBe("403 role_not_admitted");
    }

    private static Task<Answer> Give(Shop from, string no, string to, long amount) => from.Post(
        "/v1/transfers", new { transfer_no = no, to, amount, currency = "CNY", reason = "货款" });
}
