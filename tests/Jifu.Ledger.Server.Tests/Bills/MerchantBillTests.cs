namespace Jifu.Ledger.Server.Tests.Bills;

[Collection("shops")]
public class MerchantBillTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_merchant_downloads_the_bill_of_a_day_that_is_over_and_no_other_merchants()
    {
        var (shop, other) = (await Shop.Open(server, "bill-mine"), await Shop.Open(server, "bill-theirs"));
        var day = await server.Today();
        var paid = await shop.Paid("A-1", 10_000);
        (await shop.Refund(paid, "r1", 2_500))["status"].ShouldBe("succeeded");
        var cancelled = await shop.Paid("A-2", 700);
        await shop.Post($"/v1/payments/{cancelled}/cancel", new { reason = "x" });
        await shop.Pay(new("A-3", 700, PayerCode: "sandbox:refuse"));
        (await shop.Get($"/v1/bills/{day}")).Refusal.ShouldBe("409 bill_day_not_over");

        await server.MoveClock(day.Next.Start.AddHours(10));
        var bill = await shop.Get($"/v1/bills/{day}");
        bill.Headers["Content-Type"].ShouldBe("text/csv; charset=utf-8");
        bill.Headers["Content-Disposition"].ShouldContain($"jifu_bill-mine_{day}_orders_v1.csv");
        bill.Content[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
        var lines = bill.Body.TrimEnd().Split("\r\n");

        // Headings, payment, refund, payment, cancellation, sums.
        lines.Length.ShouldBe(6);
        lines[1].ShouldEndWith(",CNY,100.00,0.00,0.60,0.00,99.40");
        lines[2].ShouldEndWith(",CNY,0.00,25.00,-0.15,0.00,-24.85");
        lines[^1].ShouldEndWith(",CNY,107.00,32.00,0.45,0.00,74.55");
        (await shop.Get($"/v1/bills/{day}")).Content.ShouldBe(bill.Content);
        (await other.Get($"/v1/bills/{day}")).Body.TrimEnd().Split("\r\n").Length.ShouldBeLessThan(3);
        (await shop.Get("/v1/bills/2026-02-30")).Refusal.ShouldBe("400 parameter_invalid");
        (await server.AsOperator("GET", $"/v1/bills/{day}")).Refusal.ShouldBe("400 parameter_invalid");
    }
}
