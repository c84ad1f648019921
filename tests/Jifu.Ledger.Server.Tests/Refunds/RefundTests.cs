namespace Jifu.Ledger.Server.Tests.Refunds;

[Collection("shops")]
public class RefundTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_payment_is_refunded_in_parts_until_nothing_is_left()
    {
        var shop = await Shop.Open(server, "refund-parts");
        var paid = await shop.Paid("1", 1_000);
        var first = await shop.Refund(paid, "r1", 300);
        first.Refusal.ShouldBe("201");
        (first["status"], first.Number("amount"), first.Number("fee_returned")).ShouldBe(("succeeded", 300, 2));
        first.Headers["Location"].ShouldBe($"/v1/payments/{paid}/refunds/r1");
        (await shop.Get($"/v1/payments/{paid}/refunds/r1")).Body.ShouldBe(first.Body);
        (await shop.Payment(paid)).Number("refundable").ShouldBe(700);
        (await shop.Balances()).ShouldBe("merchant_pending 696");

        (await shop.Refund(paid, "r2", 701)).Refusal.ShouldBe("422 refund_exceeds_payment");
        (await shop.Refund(paid, "r2", 700))["status"].ShouldBe("succeeded");
        (await shop.Refund(paid, "r3", 1)).Refusal.ShouldBe("422 refund_exceeds_payment");
        (await shop.Payment(paid)).Number("refundable").ShouldBe(0);
        (await shop.Balances()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_refund_again_counts_once_and_another_under_its_number_is_refused()
    {
        var shop = await Shop.Open(server, "refund-again");
        var paid = await shop.Paid("1", 1_000);
        var first = await shop.Refund(paid, "r1", 300);
        var again = await shop.Refund(paid, "r1", 300);
        (first.Refusal, again.Refusal).ShouldBe(("201", "200"));
        again.Body.ShouldBe(first.Body);
        (await shop.Refund(paid, "r1", 301)).Refusal.ShouldBe("409 refund_no_reused");
        (await shop.Refund(paid, "r1", 300, "another reason")).Refusal.ShouldBe("409 refund_no_reused");
        (await shop.Payment(paid)).Number("refundable").ShouldBe(700);

        // The number is unique within its payment only.
        (await shop.Refund(await shop.Paid("2", 1_000), "r1", 301)).Refusal.ShouldBe("201");
    }

    [Fact]
    public async Task A_refund_whose_answer_is_lost_is_held_until_somebody_asks()
    {
        var shop = await Shop.Open(server, "refund-silent");
        var paid = await shop.Paid("1", 1_000);
        var made = await shop.Refund(paid, "r1", 300, "sandbox:silent");
        (made.Refusal, made["status"]).ShouldBe(("201", "unknown"));
        (await shop.Payment(paid)).Number("refundable").ShouldBe(700);
        (await shop.Balances()).ShouldBe("merchant_frozen 300, merchant_pending 694");
        (await shop.Refund(paid, "r2", 701)).Refusal.ShouldBe("422 refund_exceeds_payment");
        (await shop.Post($"/v1/payments/{paid}/refunds/r1/refresh"))["status"].ShouldBe("succeeded");
        (await shop.Balances()).ShouldBe("merchant_pending 696");
    }

    [Fact]
    public async Task A_refund_that_the_channel_answers_late_or_twice_counts_once()
    {
        var shop = await Shop.Open(server, "refund-late");
        var paid = await shop.Paid("1", 1_000);
        (await shop.Refund(paid, "r1", 300, "sandbox:late"))["status"].ShouldBe("requested");
        (await shop.Refund(paid, "r2", 300, "sandbox:twice"))["status"].ShouldBe("succeeded");
        await RunningServer.Until(async () =>
            (await shop.Get($"/v1/payments/{paid}/refunds/r1"))["status"] == "succeeded");
        await server.NoticesTaken();
        (await shop.Timeline(paid)).Count(type => type == "refund_succeeded").ShouldBe(2);
        (await shop.Timeline(paid)).ShouldNotContain("contradiction_seen");
        (await shop.Balances()).ShouldBe("merchant_pending 398");
    }

    [Fact]
    public async Task What_a_refused_refund_held_is_free_again()
    {
        var shop = await Shop.Open(server, "refund-refused");
        var paid = await shop.Paid("1", 1_000);
        var refused = await shop.Refund(paid, "r1", 1_000, "sandbox:refuse");
        (refused.Refusal, refused["status"]).ShouldBe(("201", "failed"));
        (await shop.Balances()).ShouldBe("merchant_pending 994");
        (await shop.Refund(paid, "r2", 1_000))["status"].ShouldBe("succeeded");
        (await shop.Balances()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_refund_of_the_payment_is_refused()
    {
        var shop = await Shop.Open(server, "refund-wrong");
        var paid = await shop.Paid("1", 1_000);
        var pending = (await shop.Pay(Order.ByScan("2", 1_000)))["payment_id"];
        (await shop.Refund(pending, "r1", 1)).Refusal.ShouldBe("409 payment_still_pending");
        (await shop.Post($"/v1/payments/{pending}/close")).Status.ShouldBe(200);
        (await shop.Refund(pending, "r1", 1)).Refusal.ShouldBe("409 payment_already_closed");
        (await shop.Refund(paid, "r1", 0)).Refusal.ShouldBe("422 amount_not_positive");
        (await shop.Refund(paid, "r1", -1)).Refusal.ShouldBe("400 amount_out_of_range");
        (await shop.Post(
            $"/v1/payments/{paid}/refunds", new { refund_no = "r1", amount = 1, currency = "USD", reason = "x" }))
            .Refusal.ShouldBe("422 currency_differs");
        (await shop.Get($"/v1/payments/{paid}/refunds/r1")).Refusal.ShouldBe("404 refund_not_found");
        (await shop.Balances()).ShouldBe("merchant_pending 994");
    }

    [Fact]
    public async Task Refunds_at_the_same_moment_never_sum_to_more_than_the_payment()
    {
        var shop = await Shop.Open(server, "refund-race");
        var paid = await shop.Paid("1", 1_000);
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(Refund));
        answers.Count(answer => answer.Refusal == "201").ShouldBe(10);
        answers.Count(answer => answer.Refusal == "422 refund_exceeds_payment").ShouldBe(10);
        (await shop.Payment(paid)).Number("refundable").ShouldBe(0);
        (await server.AsSuperuser<long>(
            "SELECT coalesce(sum(amount), 0)::bigint FROM sandbox.refund WHERE payment_id = @paid", new { paid }))
            .ShouldBe(1_000);
        (await shop.Balances()).ShouldBeEmpty();

        // Who is told that it is not known asks again with the same key, as the documentation says.
        async Task<Answer> Refund(int number)
        {
            Answer answer;
            do
                answer = await shop.Refund(paid, $"r{number}", 100, key: $"race-{number}");
            while (answer.Status == 503);
            return answer;
        }
    }
}
