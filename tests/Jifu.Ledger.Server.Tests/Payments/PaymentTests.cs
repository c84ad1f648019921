namespace Jifu.Ledger.Server.Tests.Payments;

[Collection("server")]
public class PaymentTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_scanned_code_is_paid_at_once()
    {
        var shop = await Shop.Open(server, "pay-once");
        var made = await shop.Pay(new("1", 10_000));
        made.Refusal.ShouldBe("201");
        made.Headers["Location"].ShouldBe($"/v1/payments/{made["payment_id"]}");
        made["status"].ShouldBe("paid");
        made.Number("fee").ShouldBe(60);
        made.Number("refundable").ShouldBe(10_000);
        made["channel_reference"].ShouldNotBeEmpty();
        made["business_day"].ShouldBe($"{await server.Today()}");
        (await shop.Payment(made["payment_id"])).Body.ShouldBe(made.Body);
        (await shop.Get("/v1/payments/by-order-no/1")).Body.ShouldBe(made.Body);
        (await shop.Timeline(made["payment_id"]))
            .ShouldBe(["created", "judged", "sent_to_channel", "succeeded"]);
    }

    [Fact]
    public async Task A_shown_code_is_paid_when_the_channel_says_so()
    {
        var shop = await Shop.Open(server, "pay-scan");
        var made = await shop.Pay(Order.ByScan("1", 1_234));
        made.Refusal.ShouldBe("201");
        made["status"].ShouldBe("pending");
        (await server.Http.PostAsync(new Uri(made["credential"]), null)).EnsureSuccessStatusCode();
        (await shop.Comes(made["payment_id"], "paid")).Number("refundable").ShouldBe(1_234);
    }

    [Fact]
    public async Task What_nobody_paid_is_closed_and_cannot_be_paid_any_more()
    {
        var shop = await Shop.Open(server, "pay-close");
        var made = await shop.Pay(Order.ByScan("1", 500));
        var close = $"/v1/payments/{made["payment_id"]}/close";
        (await shop.Post(close))["status"].ShouldBe("closed");
        ((int)(await server.Http.PostAsync(new Uri(made["credential"]), null)).StatusCode).ShouldBe(422);
        (await shop.Post(close))["status"].ShouldBe("closed");
        (await shop.Balances()).ShouldBeEmpty();

        var paid = await shop.Paid("2", 500);
        (await shop.Post($"/v1/payments/{paid}/close")).Refusal.ShouldBe("409 payment_already_paid");
        (await shop.Payment(paid))["status"].ShouldBe("paid");
    }

    [Fact]
    public async Task What_was_paid_before_it_could_be_closed_is_paid()
    {
        var shop = await Shop.Open(server, "pay-before-close");
        var made = await shop.Pay(Order.ByScan("1", 500) with { Description = "sandbox:silent" });
        made["status"].ShouldBe("unknown");
        (await server.Http.PostAsync(new Uri($"/sandbox/pay/{made["payment_id"]}", UriKind.Relative), null))
            .EnsureSuccessStatusCode();
        (await shop.Post($"/v1/payments/{made["payment_id"]}/close")).Refusal.ShouldBe("409 payment_already_paid");
        (await shop.Payment(made["payment_id"]))["status"].ShouldBe("paid");
    }

    [Fact]
    public async Task What_the_channel_refuses_has_failed()
    {
        var shop = await Shop.Open(server, "pay-refused");
        var made = await shop.Pay(new("1", 500, PayerCode: "sandbox:refuse"));
        made.Refusal.ShouldBe("201");
        made["status"].ShouldBe("failed");
        made["failure_code"].ShouldBe("payer_refused");
        (await shop.Refund(made["payment_id"], "r1", 1)).Refusal.ShouldBe("409 payment_already_failed");
        (await shop.Balances()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_until_somebody_asks()
    {
        var shop = await Shop.Open(server, "pay-silent");
        var made = await shop.Pay(new("1", 500, PayerCode: "sandbox:silent"));
        made.Refusal.ShouldBe("201");
        made["status"].ShouldBe("unknown");
        (await shop.Refund(made["payment_id"], "r1", 1)).Refusal.ShouldBe("409 payment_still_pending");
        (await shop.Post($"/v1/payments/{made["payment_id"]}/refresh"))["status"].ShouldBe("paid");
        (await shop.Timeline(made["payment_id"]))
            .ShouldBe(["created", "judged", "sent_to_channel", "outcome_unknown", "succeeded"]);
    }

    [Fact]
    public async Task A_late_answer_comes_by_notice()
    {
        var shop = await Shop.Open(server, "pay-late");
        var made = await shop.Pay(new("1", 500, PayerCode: "sandbox:late"));
        made["status"].ShouldBe("pending");
        await shop.Comes(made["payment_id"], "paid");
        (await shop.Timeline(made["payment_id"]))
            .ShouldBe(["created", "judged", "sent_to_channel", "accepted", "succeeded"]);
    }

    [Fact]
    public async Task A_repeated_notice_is_not_news()
    {
        var shop = await Shop.Open(server, "pay-twice");
        var made = await shop.Pay(new("1", 500, PayerCode: "sandbox:twice"));
        await server.NoticesTaken();
        (await shop.Timeline(made["payment_id"]))
            .ShouldBe(["created", "judged", "sent_to_channel", "succeeded"]);
    }

    [Fact]
    public async Task The_same_order_again_is_the_same_payment()
    {
        var shop = await Shop.Open(server, "pay-again");
        var first = await shop.Pay(new("1", 500));
        var again = await shop.Pay(new("1", 500));
        (first.Refusal, again.Refusal).ShouldBe(("201", "200"));
        again.Body.ShouldBe(first.Body);
        foreach (var other in new Order[]
        {
            new("1", 501), new("1", 500, Description: "茶"), new("1", 500, PayerId: "p"), Order.ByScan("1", 500),
        })
            (await shop.Pay(other)).Refusal.ShouldBe("409 merchant_order_no_reused");
        (await shop.Balances()).ShouldBe("merchant_pending 497");
    }

    [Fact]
    public async Task One_order_sent_many_times_at_once_is_one_payment()
    {
        var shop = await Shop.Open(server, "pay-at-once");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Pay(new("1", 500))));
        answers.ShouldAllBe(answer => answer.Status == 200 || answer.Status == 201);
        answers.ShouldContain(answer => answer.Status == 201);
        answers.Select(answer => answer["payment_id"]).Distinct().Count().ShouldBe(1);
        await shop.Comes(answers[0]["payment_id"], "paid");
        (await shop.Timeline(answers[0]["payment_id"]))
            .ShouldBe(["created", "judged", "sent_to_channel", "succeeded"]);
        (await shop.Balances()).ShouldBe("merchant_pending 497");
    }

    [Fact]
    public async Task Another_merchants_payment_is_as_unknown_as_none()
    {
        var (owner, other) = (await Shop.Open(server, "pay-mine"), await Shop.Open(server, "pay-theirs"));
        var paid = await owner.Paid("1", 500);
        foreach (var id in new[] { paid, "nothing" })
        {
            (await other.Payment(id)).Refusal.ShouldBe("404 payment_not_found");
            (await other.Get($"/v1/payments/{id}/timeline")).Refusal.ShouldBe("404 payment_not_found");
            (await other.Get($"/v1/payments/{id}/notices")).Refusal.ShouldBe("404 payment_not_found");
            (await other.Post($"/v1/payments/{id}/refresh")).Refusal.ShouldBe("404 payment_not_found");
            (await other.Post($"/v1/payments/{id}/close")).Refusal.ShouldBe("404 payment_not_found");
            (await other.Post($"/v1/payments/{id}/cancel", new { reason = "x" }))
                .Refusal.ShouldBe("404 payment_not_found");
            (await other.Refund(id, "r1", 1)).Refusal.ShouldBe("404 payment_not_found");
        }

        (await other.Get("/v1/payments/by-order-no/1")).Refusal.ShouldBe("404 payment_not_found");
        (await server.AsOperator("GET", $"/v1/payments/{paid}")).Status.ShouldBe(200);
        (await server.AsOperator("GET", $"/v1/payments/{paid}/timeline")).Status.ShouldBe(200);
    }
}
