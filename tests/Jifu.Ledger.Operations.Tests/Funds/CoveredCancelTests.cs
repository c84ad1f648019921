using Jifu.Ledger.Channels;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Funds;

/// <summary>A cancellation (撤销) takes money from its merchant, and is covered like a refund.</summary>
public class CoveredCancelTests
{
    private static readonly MerchantId Fast = new("fast");

    [Fact]
    public async Task What_the_merchant_cannot_cover_is_refused_before_the_channel_is_asked_and_moves_nothing()
    {
        await using var house = await House.Open();
        var today = await Spent(house);
        house.Channel.OnRevoke = id => throw new InvalidOperationException($"{id} was asked of the channel.");
        var head = await house.Log.Head(default);
        (await house.Payments.Cancel(today, "wrong table", House.By, default)).Refusal!.Code
            .ShouldBe("funds_insufficient");
        (await house.Log.Head(default)).ShouldBe(head);
        (await house.Payments.Find(today, default)).ShouldBeOfType<Payment.Paid>().Cancelling.ShouldBeFalse();

        // With money it goes; what the channel refuses gives back what was put aside, and may be asked again.
        await house.Pay("fast", "A3", 10_00);
        house.Channel.OnRevoke = _ => new ChannelAnswer.Refused("SYSTEM_BUSY", "later");
        (await house.Payments.Cancel(today, "wrong table", House.By, default)).Payment.ShouldBeOfType<Payment.Paid>();
        (await Free(house)).ShouldBe(9_94);
        house.Channel.OnRevoke = _ => new ChannelAnswer.Revoked("rv", house.Clock.Now);
        (await house.Payments.Cancel(today, "wrong table", House.By, default)).Payment
            .ShouldBeOfType<Payment.Cancelled>();
        (await Free(house)).ShouldBe(0);
        (await Holds(house)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_put_aside_for_one_that_nobody_recorded_is_freed_and_that_attempt_will_never_be()
    {
        await using var house = await House.Open();
        await house.Register("fast", SettlementTerm.T0);
        var payment = await house.Pay("fast", "A1", 10_00);
        await house.Funds.Hold(Fast, HoldId.Of(payment, 0), new(9_94, Currency.CNY), House.By, default);
        (await Free(house)).ShouldBe(0);
        house.Clock.Now = house.Clock.Now.AddMinutes(11);
        await house.Chase.Run(true, House.By, default);
        (await Free(house)).ShouldBe(9_94);
        (await Holds(house)).ShouldBeEmpty();
        (await house.Payments.Cancel(payment, "wrong table", House.By, default)).Refusal.ShouldBeNull();
        (await house.Payments.Find(payment, default)).ShouldBeOfType<Payment.Paid>().CancelNo.ShouldBe(1);
    }

    /// <summary>A merchant whose money of today has gone into the refund of what was cleared and paid out.</summary>
    private static async Task<PaymentId> Spent(House house)
    {
        await house.Register("fast", SettlementTerm.T0);
        var cleared = await house.Pay("fast", "A1", 20_00);
        await house.CatchUp();
        (await house.Clearing.ClearNow(Channel.Sandbox, null, House.By, default)).Refusal.ShouldBeNull();
        var today = await house.Pay("fast", "A2", 10_00);
        (await house.Refunds.Refund(
            cleared, new("R1"), new(10_00, Currency.CNY), "cold", null, House.By, default)).Refusal.ShouldBeNull();
        (await Free(house)).ShouldBe(0);
        return today;
    }

    private static async Task<long> Free(House house) => (await house.Known(house.Log)
        .FindAtHead(Fast, Currency.CNY, default)).Free.MinorUnits;

    private static async Task<IReadOnlyList<OpenHold>> Holds(House house)
    {
        await house.CatchUp();
        return await new FundsQueries(house.Views).OpenHolds(House.Friday.Next.Start, 10, default);
    }
}
