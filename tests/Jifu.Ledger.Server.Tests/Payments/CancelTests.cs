namespace Jifu.Ledger.Server.Tests.Payments;

[Collection("shops")]
public class CancelTests(ServerUnderTest server)
{
    private static readonly object Reason = new { reason = "wrong amount" };

    [Fact]
    public async Task A_payment_is_undone_on_its_own_day()
    {
        var shop = await Shop.Open(server, "cancel-today");
        var paid = await shop.Paid("1", 10_000);
        (await shop.Post($"/v1/payments/{paid}/cancel", Reason))["status"].ShouldBe("cancelled");
        (await shop.Post($"/v1/payments/{paid}/cancel", Reason))["status"].ShouldBe("cancelled");
        (await shop.Timeline(paid))
            .ShouldBe(["created", "judged", "sent_to_channel", "succeeded", "cancel_requested", "cancelled"]);
        (await shop.Refund(paid, "r1", 1)).Refusal.ShouldBe("409 payment_already_cancelled");
        (await shop.Balances()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_payment_of_another_day_or_with_a_refund_is_not_undone()
    {
        var shop = await Shop.Open(server, "cancel-late");
        var (refunded, old) = (await shop.Paid("1", 1_000), await shop.Paid("2", 1_000));
        (await shop.Refund(refunded, "r1", 1)).Refusal.ShouldBe("201");
        (await shop.Post($"/v1/payments/{refunded}/cancel", Reason)).Refusal.ShouldBe("409 cancel_after_refund");

        await server.MoveClock((await server.Today()).Next.Start.AddHours(10));
        (await shop.Post($"/v1/payments/{old}/cancel", Reason)).Refusal.ShouldBe("409 cancel_day_passed");
        (await shop.Payment(old))["status"].ShouldBe("paid");
        (await shop.Refund(old, "r1", 1_000))["status"].ShouldBe("succeeded");
    }
}
