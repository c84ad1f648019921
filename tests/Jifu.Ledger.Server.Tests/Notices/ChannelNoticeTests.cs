namespace Jifu.Ledger.Server.Tests.Notices;

/// <summary>On a server of its own: it looks whether anything at all was recorded.</summary>
public class ChannelNoticeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_notice_that_names_another_amount_is_recorded_and_moves_nothing()
    {
        var shop = await Shop.Open(server, "other-amount");
        var pending = (await shop.Pay(Order.ByScan("1", 1_000)))["payment_id"];
        var voice = new ChannelVoice(server);
        (await voice.Tell(pending, ChannelVoice.Paid(999, "4200"))).Status.ShouldBe(204);
        (await shop.Payment(pending))["status"].ShouldBe("pending");
        (await Contradictions(shop, pending)).ShouldBe("amount: CNY 9.99, not CNY 10.00");
        (await voice.Tell(pending, ChannelVoice.Paid(1_000, "4200", "USD"))).Status.ShouldBe(204);
        (await shop.Balances()).ShouldBeEmpty();

        // What is told again is not news; what is right is still taken.
        var head = await server.Head();
        (await voice.Tell(pending, ChannelVoice.Paid(999, "4200"))).Status.ShouldBe(204);
        (await server.Head()).ShouldBe(head);
        (await voice.Tell(pending, ChannelVoice.Paid(1_000, "4200"))).Status.ShouldBe(204);
        (await shop.Payment(pending))["status"].ShouldBe("paid");
        (await shop.Balances()).ShouldBe("merchant_pending 994");
    }

    [Fact]
    public async Task A_notice_that_contradicts_what_is_paid_is_recorded_and_moves_nothing()
    {
        var shop = await Shop.Open(server, "other-story");
        var paid = await shop.Paid("1", 1_000);
        var reference = (await shop.Payment(paid))["channel_reference"];
        var voice = new ChannelVoice(server);
        await Tell(ChannelVoice.Paid(1_001, reference));
        await Tell(ChannelVoice.Paid(1_000, "another"));
        await Tell("""{"state":"refused","code":"too_late","reason":"x"}""");
        await Tell("""{"state":"closed"}""");
        await Tell("""{"state":"revoked","reference":"r","at":"2026-11-21T12:00:00+08:00"}""");
        (await Contradictions(shop, paid)).ShouldBe(
            $"amount: CNY 10.01, not CNY 10.00; channel_reference: another, not {reference}; "
            + "status: failed: too_late, not Paid; status: failed: closed, not Paid; "
            + "status: failed: revoked, not Paid");
        (await voice.Tell(paid, ChannelVoice.Paid(1_000, reference))).Status.ShouldBe(204);
        (await Contradictions(shop, paid)).Split(';').Length.ShouldBe(5);
        (await shop.Balances()).ShouldBe("merchant_pending 994");

        async Task Tell(string result)
        {
            (await voice.Tell(paid, result)).Status.ShouldBe(204);
            (await shop.Payment(paid))["status"].ShouldBe("paid");
        }
    }

    [Fact]
    public async Task A_notice_about_a_refund_that_tells_another_story_moves_nothing()
    {
        var shop = await Shop.Open(server, "other-refund");
        var paid = await shop.Paid("1", 1_000);
        (await shop.Refund(paid, "r1", 300))["status"].ShouldBe("succeeded");
        var voice = new ChannelVoice(server);
        var refunded = ChannelVoice.Paid(400, "5030").Replace("\"paid\"", "\"refunded\"", StringComparison.Ordinal);
        (await voice.Tell(paid, refunded, $"{paid}.r1")).Status.ShouldBe(204);
        (await Contradictions(shop, paid)).ShouldBe("refund r1 amount: CNY 4.00, not CNY 3.00");
        (await voice.Tell(paid, refunded, $"{paid}.r2")).Refusal.ShouldBe("404 refund_not_found");
        (await voice.Tell(paid, refunded, "someone-elses")).Refusal.ShouldBe("404 refund_not_found");
        (await shop.Balances()).ShouldBe("merchant_pending 696");
    }

    [Fact]
    public async Task A_notice_that_is_not_genuine_is_refused_and_leaves_nothing()
    {
        var shop = await Shop.Open(server, "not-genuine");
        var pending = (await shop.Pay(Order.ByScan("1", 1_000)))["payment_id"];
        var (voice, old) = (
            new ChannelVoice(server), new ChannelVoice(server) { Ago = TimeSpan.FromMinutes(6) });
        var body = $$"""{"notice_id":"n","payment_id":"{{pending}}","result":{{ChannelVoice.Paid(1_000, "4200")}}}""";
        var head = await server.Head();
        const string Refused = "401 channel_notice_refused";
        (await voice.Send(body, signed: body.Replace("1000", "2000", StringComparison.Ordinal))).Refusal
            .ShouldBe(Refused);
        (await old.Send(body)).Refusal.ShouldBe(Refused);
        (await server.Send(null, "POST", "/channels/sandbox/notices", body)).Refusal.ShouldBe(Refused);
        (await voice.Send("{}")).Refusal.ShouldBe(Refused);
        (await voice.Send("")).Refusal.ShouldBe(Refused);
        (await voice.Send(body.Replace("\"result\"", "\"tip\":1,\"result\"", StringComparison.Ordinal))).Refusal
            .ShouldBe(Refused);
        (await server.Send(null, "POST", "/channels/wechatpay/notices", body)).Refusal.ShouldBe("404 not_found");
        (await voice.Tell("nobodys", ChannelVoice.Paid(1, "1"))).Refusal.ShouldBe("404 payment_not_found");
        (await server.Head()).ShouldBe(head);
        (await shop.Payment(pending))["status"].ShouldBe("pending");
    }

    private async Task<string> Contradictions(Shop shop, string payment)
    {
        await server.CaughtUp();
        return string.Join("; ", (await shop.Get($"/v1/payments/{payment}/timeline")).Json.EnumerateArray()
            .Where(one => one.GetProperty("type").GetString() == "payment.contradiction_seen")
            .Select(one => one.GetProperty("event"))
            .Select(seen => $"{seen.GetProperty("field").GetString()}: {seen.GetProperty("theirs").GetString()}, "
                + $"not {seen.GetProperty("ours").GetString()}"));
    }
}
