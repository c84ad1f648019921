using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>On a server of its own: merchants from day to day, whose refunds exceed what they take.</summary>
public class DebtTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task What_a_merchant_owes_is_carried_forward_until_it_has_earned_it()
    {
        var shop = await Shop.Open(server, "debtor");
        await shop.MayOwe(10_000);
        var first = await server.Today();
        var paid = await shop.Paid("1", 10_000);
        (await Close(shop, first)).ShouldBe("gross 10000, refunded 0, fees 60, brought 0, payable 9940, carried 0");
        (await shop.Balances()).ShouldBeEmpty();

        await server.MoveClock(first.Next.Start.AddHours(10));
        (await shop.Refund(paid, "r1", 10_000))["status"].ShouldBe("succeeded");
        await shop.Paid("2", 1_000);
        (await Close(shop, first.Next))
            .ShouldBe("gross 1000, refunded 10000, fees -54, brought 0, payable 0, carried -8946");
        (await shop.Balances()).ShouldBe("merchant_pending -8946");

        // A day without business moves nothing on.
        (await Close(shop, first.Next.Next))
            .ShouldBe("gross 0, refunded 0, fees 0, brought -8946, payable 0, carried -8946");

        var last = first.Next.Next.Next;
        await server.MoveClock(last.Start.AddHours(10));
        await shop.Paid("3", 20_000);
        (await Close(shop, last))
            .ShouldBe("gross 20000, refunded 0, fees 120, brought -8946, payable 10934, carried 0");
        (await shop.Balances()).ShouldBeEmpty();
        (await server.AsSuperuser<long>("SELECT sum(amount)::bigint FROM sandbox.payout WHERE account = 'bank-1'"))
            .ShouldBe(9_940 + 10_934);
    }

    [Fact]
    public async Task What_a_T0_run_has_paid_out_is_not_cancelled_and_its_refund_is_owed()
    {
        var shop = await Shop.Open(server, "fast-debtor", new("t0", "bank-2"));
        await shop.MayOwe(10_000);
        var day = await server.Today();
        var paid = await shop.Paid("1", 10_000);
        (await server.AsOperator("POST", "/v1/ops/clearing", """{"channel":"sandbox","term":"t0"}""")).Refusal
            .ShouldBe("200");
        await server.CaughtUp();
        (await shop.Post($"/v1/payments/{paid}/cancel", new { reason = "x" }))
            .Refusal.ShouldBe("409 payment_already_cleared");
        (await shop.Refund(paid, "r1", 10_000))["status"].ShouldBe("succeeded");
        (await shop.Balances()).ShouldBe("merchant_pending -9940");
        (await Close(shop, day)).ShouldBe("gross 0, refunded 10000, fees -60, brought 0, payable 0, carried -9940");
        (await shop.Balances()).ShouldBe("merchant_pending -9940");
    }

    // Each day ties out and can be downloaded.
    private async Task<string> Close(Shop shop, BusinessDay day)
    {
        await server.MoveClock(day.Next.Start.AddMinutes(90));
        var closed = await server.AsOperator("POST", $"/v1/ops/days/{day}/close");
        var reconciled = closed.Json.GetProperty("reconciliations")[0];
        reconciled.GetProperty("completed").GetBoolean().ShouldBeTrue();
        reconciled.GetProperty("differences").GetInt64().ShouldBe(0);
        (await server.AsOperator("GET", $"/v1/ops/days/{day}/finance")).Refusal.ShouldBe("200");
        return string.Join("; ", closed.Json.GetProperty("clearings")[0].GetProperty("positions").EnumerateArray()
            .Where(position => position.GetProperty("merchant_id").GetString() == shop.Id).Select(Told));
    }

    private static string Told(JsonElement position)
    {
        return $"gross {Of("gross")}, refunded {Of("refunded")}, fees {Of("fees")}, brought {Of("brought_forward")}, "
            + $"payable {Of("payable")}, carried {Of("carried_forward")}";

        long Of(string name) => position.GetProperty(name).GetInt64();
    }
}
