using System.Net;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>How the sandbox channel takes payments.</summary>
public class SandboxPaymentTests(SandboxHouse house) : IClassFixture<SandboxHouse>
{
    [Fact]
    public async Task A_scanned_code_is_paid_at_once()
    {
        var (id, order) = house.Order(PaymentProduct.Micropay, 1_000);
        var paid = (await house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Paid>();
        paid.Amount.ShouldBe(order.Amount);
        paid.Reference.Length.ShouldBe(28);
        (await house.Client.Query(id, default)).ShouldBe(paid);
        (await house.Client.Pay(id, order, default)).ShouldBe(paid);
        (await house.Client.Close(id, default)).ShouldBe(paid);
    }

    [Fact]
    public async Task A_code_to_scan_is_paid_by_the_payers_phone_and_told_by_a_notice()
    {
        var (id, order) = house.Order(PaymentProduct.Native, 2_000);
        var accepted = (await house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Accepted>();
        accepted.Credential.ShouldEndWith($"/sandbox/pay/{id}");
        (await house.Client.Query(id, default)).ShouldBe(accepted);

        (await house.PayByPhone(new(accepted.Credential))).ShouldBe(HttpStatusCode.OK);
        var paid = (await house.Client.Query(id, default)).ShouldBeOfType<ChannelAnswer.Paid>();
        (await house.PayByPhone(new(accepted.Credential))).ShouldBe(HttpStatusCode.OK);
        (await house.Client.Query(id, default)).ShouldBe(paid);
    }

    [Fact]
    public async Task Another_amount_under_the_same_number_is_refused()
    {
        var (id, order) = house.Order(PaymentProduct.Native, 2_000);
        await house.Client.Pay(id, order, default);
        var other = order with { Amount = new(2_001, Currency.CNY) };
        (await house.Client.Pay(id, other, default)).ShouldBeOfType<ChannelAnswer.Refused>()
            .Code.ShouldBe("payment_id_reused");
    }

    [Fact]
    public async Task What_nobody_ordered_is_not_found()
    {
        (await house.Client.Query(new("p0"), default)).ShouldBeOfType<ChannelAnswer.NotFound>();
        (await house.Client.Close(new("p0"), default)).ShouldBeOfType<ChannelAnswer.NotFound>();
        (await house.Client.Revoke(new("p0"), default)).ShouldBeOfType<ChannelAnswer.NotFound>();
        (await house.Refund(new("p0"), "p0.1", 1, 1)).ShouldBeOfType<ChannelAnswer.NotFound>();
        (await house.Client.QueryRefund("p0.1", default)).ShouldBeOfType<ChannelAnswer.NotFound>();
    }

    [Fact]
    public async Task A_refused_payment_stays_refused()
    {
        var (id, order) = house.Order(PaymentProduct.Micropay, 500, payerCode: "sandbox:refuse");
        var refused = (await house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Refused>();
        refused.Code.ShouldBe("payer_refused");
        (await house.Client.Query(id, default)).ShouldBe(refused);
        (await house.Client.Pay(id, order, default)).ShouldBe(refused);
    }

    [Fact]
    public async Task A_silent_payment_is_made_and_only_a_query_tells()
    {
        var (id, order) = house.Order(PaymentProduct.Micropay, 500, payerCode: "sandbox:silent");
        (await house.Impatient.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Unknown>();
        var paid = (await house.Client.Query(id, default)).ShouldBeOfType<ChannelAnswer.Paid>();
        (await house.Client.Pay(id, order, default)).ShouldBe(paid);
    }

    [Fact]
    public async Task A_closed_payment_cannot_be_paid()
    {
        var (id, order) = house.Order(PaymentProduct.Jsapi, 500);
        var accepted = (await house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Accepted>();
        (await house.Client.Close(id, default)).ShouldBeOfType<ChannelAnswer.Closed>();
        (await house.Client.Close(id, default)).ShouldBeOfType<ChannelAnswer.Closed>();
        (await house.PayByPhone(new(accepted.Credential))).ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_payment_is_revoked_once_and_not_after_a_refund()
    {
        var id = await house.Paid(700);
        var revoked = (await house.Client.Revoke(id, default)).ShouldBeOfType<ChannelAnswer.Revoked>();
        (await house.Client.Revoke(id, default)).ShouldBe(revoked);
        (await house.Refund(id, $"{id}.1", 1, 700)).ShouldBeOfType<ChannelAnswer.Refused>()
            .Code.ShouldBe("payment_revoked");

        var other = await house.Paid(700);
        await house.Refund(other, $"{other}.1", 1, 700);
        (await house.Client.Revoke(other, default)).ShouldBeOfType<ChannelAnswer.Refused>()
            .Code.ShouldBe("payment_refunded");
    }

    [Fact]
    public async Task Only_who_has_the_secret_is_heard()
    {
        using var http = new HttpClient { BaseAddress = house.Address };
        var stranger = new Channels.Sandbox.SandboxChannel(new(
            http, "another secret", TimeProvider.System, TimeSpan.FromSeconds(10)));
        var (id, order) = house.Order(PaymentProduct.Micropay, 500);
        (await stranger.Pay(id, order, default)).ShouldBe(
            new ChannelAnswer.Unknown("An unclear answer with status 401."));
        (await house.Client.Query(id, default)).ShouldBeOfType<ChannelAnswer.NotFound>();
    }

    [Fact]
    public async Task A_channel_that_is_not_there_has_not_answered()
    {
        using var http = new HttpClient { BaseAddress = new("http://127.0.0.1:1") };
        var nobody = new Channels.Sandbox.SandboxChannel(new(
            http, SandboxHouse.Secret, TimeProvider.System, TimeSpan.FromSeconds(10)));
        (await nobody.Query(new("p0"), default)).ShouldBeOfType<ChannelAnswer.Unknown>();
        (await nobody.DownloadBill(house.Today, default)).ShouldBeNull();
        (await nobody.QueryFunds(house.Today, default)).ShouldBeNull();
    }
}
