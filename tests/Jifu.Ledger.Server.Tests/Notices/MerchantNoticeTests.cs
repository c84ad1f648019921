using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Jifu.Ledger.Server.Tests.Notices;

[Collection("shops")]
public class MerchantNoticeTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_merchant_hears_how_a_payment_and_its_refunds_ended_and_can_verify_who_says_so()
    {
        await using var listener = await MerchantListener.Open();
        var shop = await Shop.Open(server, "notice-ends");
        var made = await shop.Pay(Order.ByScan("o1", 1_000) with { NotifyUrl = $"{listener.Url}/pay" });
        (await server.Http.PostAsync(new Uri(made["credential"]), null)).EnsureSuccessStatusCode();
        var paid = (await listener.Hears(1))[0];
        paid.Path.ShouldBe("/pay");
        var body = await Verified(shop, paid);
        body.GetProperty("type").GetString().ShouldBe("payment.succeeded");
        var data = body.GetProperty("data");
        data.GetProperty("payment_id").GetString().ShouldBe(made["payment_id"]);
        data.GetProperty("merchant_order_no").GetString().ShouldBe("o1");
        (data.GetProperty("status").GetString(), data.GetProperty("amount").GetInt64()).ShouldBe(("paid", 1_000));

        (await shop.Post($"/v1/payments/{made["payment_id"]}/refunds", new
        {
            refund_no = "r1", amount = 300, currency = "CNY", reason = "退货", notify_url = $"{listener.Url}/refund",
        })).Refusal.ShouldBe("201");
        var refunded = (await listener.Hears(2))[1];
        refunded.Path.ShouldBe("/refund");
        var told = (await Verified(shop, refunded)).GetProperty("data");
        (told.GetProperty("refund_no").GetString(), told.GetProperty("status").GetString(),
            told.GetProperty("amount").GetInt64()).ShouldBe(("r1", "succeeded", 300));
        paid.Headers["webhook-id"].ShouldNotBe(refunded.Headers["webhook-id"]);
    }

    [Fact]
    public async Task What_failed_was_closed_or_was_cancelled_is_told_too()
    {
        await using var listener = await MerchantListener.Open();
        var shop = await Shop.Open(server, "notice-all");
        await shop.Pay(new("failed", 100, PayerCode: "sandbox:refuse", NotifyUrl: $"{listener.Url}/failed"));
        var closed = await shop.Pay(Order.ByScan("closed", 100) with { NotifyUrl = $"{listener.Url}/closed" });
        await shop.Post($"/v1/payments/{closed["payment_id"]}/close");
        var paid = await shop.Pay(new("cancelled", 100, NotifyUrl: $"{listener.Url}/cancelled"));
        await shop.Post($"/v1/payments/{paid["payment_id"]}/cancel", new { reason = "x" });
        var heard = await listener.Hears(4);
        heard.Select(notice => $"{notice.Path} {JsonDocument.Parse(notice.Body).RootElement
            .GetProperty("data").GetProperty("status").GetString()}").Order(StringComparer.Ordinal)
            .ShouldBe(["/cancelled cancelled", "/cancelled paid", "/closed closed", "/failed failed"]);
    }

    [Fact]
    public async Task A_notice_that_was_not_taken_waits_and_can_be_sent_again()
    {
        await using var listener = await MerchantListener.Open();
        listener.Answer = 500;
        var shop = await Shop.Open(server, "notice-again");
        var made = await shop.Pay(new("1", 1_000, NotifyUrl: listener.Url));
        var notices = $"/v1/payments/{made["payment_id"]}/notices";
        await RunningServer.Until(async () => (await shop.Get(notices)).Json is var known
            && known.GetArrayLength() == 1 && known[0].GetProperty("attempts").GetArrayLength() == 1);
        var waiting = (await shop.Get(notices)).Json[0];
        waiting.GetProperty("status").GetString().ShouldBe("waiting");

        listener.Answer = 204;
        var id = waiting.GetProperty("id").GetString();
        (await shop.Post($"/v1/notices/{id}/resend")).Status.ShouldBe(200);
        await RunningServer.Until(async () =>
            (await shop.Get(notices)).Json[0].GetProperty("status").GetString() == "delivered");
        var heard = await listener.Hears(2);
        heard[0].Headers["webhook-id"].ShouldBe(heard[1].Headers["webhook-id"]);
        heard[0].Body.ShouldBe(heard[1].Body);

        var other = await Shop.Open(server, "notice-other");
        (await other.Post($"/v1/notices/{id}/resend")).Refusal.ShouldBe("404 notice_not_found");
    }

    // As Standard Webhooks 1.0.0 says, written down once more so as not to trust our own code.
    private static async Task<JsonElement> Verified(Shop shop, HeardNotice notice)
    {
        var secret = (await shop.Get("/v1/notice-secret"))["secret"];
        secret.ShouldStartWith("whsec_");
        var signed = Encoding.UTF8.GetBytes(
            $"{notice.Headers["webhook-id"]}.{notice.Headers["webhook-timestamp"]}.").Concat(notice.Body).ToArray();
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
        notice.Headers["webhook-signature"].ShouldBe($"v1,{Convert.ToBase64String(mac)}");
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()
            - long.Parse(notice.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture);
        age.ShouldBeInRange(0, 60);
        var body = JsonDocument.Parse(notice.Body).RootElement;
        body.GetProperty("id").GetString().ShouldBe(notice.Headers["webhook-id"]);
        return body;
    }
}
