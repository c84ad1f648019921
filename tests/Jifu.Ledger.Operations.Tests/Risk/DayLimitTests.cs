using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Risk;

/// <summary>What counts into a merchant's limit of a day, and what the lists hold.</summary>
public class DayLimitTests
{
    [Fact]
    public async Task An_order_that_is_repeated_after_it_failed_takes_nothing_of_the_limit()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1, new(null, 10_00));
        house.Channel.OnPay = _ => new ChannelAnswer.Refused("payer_refused", "no");
        for (var i = 0; i < 3; i++)
            (await house.Order("m1", "1", 6_00)).Payment.ShouldBeOfType<Payment.Failed>();

        house.Channel.OnPay = id => new ChannelAnswer.Accepted($"{id}");
        (await house.Order("m1", "2", 6_00)).Refusal.ShouldBeNull();
        (await house.Order("m1", "3", 6_00)).Refusal.ShouldNotBeNull().Code.ShouldBe("payment_refused_by_risk");
    }

    [Fact]
    public async Task An_order_that_is_repeated_after_a_restart_counts_once()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1, new(null, 10_00));
        await house.Order("m1", "1", 3_00);
        await house.CatchUp();
        house.Restart();

        (await house.Order("m1", "1", 3_00)).Refusal.ShouldBeNull();
        (await house.Order("m1", "2", 6_00)).Refusal.ShouldBeNull();
        (await house.Order("m1", "3", 2_00)).Refusal.ShouldNotBeNull().Code.ShouldBe("payment_refused_by_risk");
    }

    [Fact]
    public async Task A_list_is_read_to_its_end_however_long_it_is()
    {
        await using var house = await House.Open();
        for (var i = 0; i < 11; i++)
        {
            await house.Tell("risklist", "global", [.. Enumerable.Range(0, 1000).Select(
                n => (RiskListEvent)new RiskListEvent.Listed(
                    $"payer:{i}_{n}", RiskListColour.Black, "fraud", house.Clock.Now))]);
        }

        (await house.Risk.ListsNow(default)).Holds("payer:10_999", RiskListColour.Black).ShouldBeTrue();
    }
}
