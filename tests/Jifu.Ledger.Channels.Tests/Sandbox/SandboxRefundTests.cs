using Jifu.Ledger.Channels.Payouts;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>How the sandbox channel refunds, and how its bank pays out.</summary>
public class SandboxRefundTests(SandboxHouse house) : IClassFixture<SandboxHouse>
{
    [Fact]
    public async Task A_refund_is_made_once_under_its_number()
    {
        var id = await house.Paid(1_000);
        var refunded = (await house.Refund(id, $"{id}.r 1/退", 300, 1_000)).ShouldBeOfType<ChannelAnswer.Refunded>();
        refunded.Amount.ShouldBe(new(300, Currency.CNY));
        (await house.Refund(id, $"{id}.r 1/退", 300, 1_000)).ShouldBe(refunded);
        (await house.Client.QueryRefund($"{id}.r 1/退", default)).ShouldBe(refunded);
        (await house.Refund(id, $"{id}.r 1/退", 301, 1_000)).ShouldBeOfType<ChannelAnswer.Refused>()
            .Code.ShouldBe("refund_no_reused");
    }

    [Fact]
    public async Task Refunds_never_exceed_the_payment()
    {
        var id = await house.Paid(1_000);
        await house.Refund(id, $"{id}.1", 600, 1_000);
        var refused = await house.Refund(id, $"{id}.2", 401, 1_000);
        refused.ShouldBeOfType<ChannelAnswer.Refused>().Code.ShouldBe("refund_exceeds_payment");
        (await house.Client.QueryRefund($"{id}.2", default)).ShouldBe(refused);
        (await house.Refund(id, $"{id}.3", 400, 999)).ShouldBeOfType<ChannelAnswer.Refused>()
            .Code.ShouldBe("payment_amount_differs");
        (await house.Refund(id, $"{id}.4", 400, 1_000)).ShouldBeOfType<ChannelAnswer.Refunded>();
    }

    [Fact]
    public async Task A_refused_refund_stays_refused_and_leaves_the_money()
    {
        var id = await house.Paid(1_000);
        var refused = await house.Refund(id, $"{id}.1", 1_000, 1_000, "sandbox:refuse");
        refused.ShouldBeOfType<ChannelAnswer.Refused>().Code.ShouldBe("payer_account_closed");
        (await house.Client.QueryRefund($"{id}.1", default)).ShouldBe(refused);
        (await house.Refund(id, $"{id}.2", 1_000, 1_000)).ShouldBeOfType<ChannelAnswer.Refunded>();
    }

    [Fact]
    public async Task A_silent_refund_is_made_and_only_a_query_tells()
    {
        var id = await house.Paid(1_000);
        (await house.Impatient.Refund(
            new(id, $"{id}.1", new(10, Currency.CNY), new(1_000, Currency.CNY), "sandbox:silent"), default))
            .ShouldBeOfType<ChannelAnswer.Unknown>();
        (await house.Client.QueryRefund($"{id}.1", default)).ShouldBeOfType<ChannelAnswer.Refunded>();
    }

    [Fact]
    public async Task The_bank_pays_once_for_each_reference()
    {
        var payout = new Payout("s1", "account-of-m1", new(5_000, Currency.CNY));
        (await house.Bank.Query("s1", default)).ShouldBeOfType<PayoutAnswer.NotFound>();
        var paid = (await house.Bank.Send(payout, default)).ShouldBeOfType<PayoutAnswer.Paid>();
        (await house.Bank.Send(payout, default)).ShouldBe(paid);
        (await house.Bank.Query("s1", default)).ShouldBe(paid);
        (await house.Bank.Send(payout with { Amount = new(5_001, Currency.CNY) }, default))
            .ShouldBeOfType<PayoutAnswer.Refused>().Code.ShouldBe("reference_reused");
    }

    [Fact]
    public async Task The_bank_refuses_and_stays_silent_as_the_account_asks()
    {
        var refused = await house.Bank.Send(new("s2", "sandbox:refuse", new(1, Currency.CNY)), default);
        refused.ShouldBeOfType<PayoutAnswer.Refused>().Code.ShouldBe("account_closed");
        (await house.Bank.Query("s2", default)).ShouldBe(refused);

        (await house.ImpatientBank.Send(new("s3", "sandbox:silent", new(1, Currency.CNY)), default))
            .ShouldBeOfType<PayoutAnswer.Unknown>();
        (await house.Bank.Query("s3", default)).ShouldBeOfType<PayoutAnswer.Paid>();
    }
}
