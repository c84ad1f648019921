using Jifu.Ledger.Clearing;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>What closing days picks up that something else left behind.</summary>
public class DayCloseTests
{
    [Fact]
    public async Task A_run_on_the_day_itself_that_was_killed_after_it_opened_is_brought_to_its_end()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T0);
        await house.Pay("m1", "1", 100_00);
        var batch = ClearingBatch.IdOf(Channel.Sandbox, House.Friday, SettlementTerm.T0, 1);
        await house.Desk.Handle(
            Aggregates.Clearing, batch.Value,
            new ClearingCommand.Open(
                Channel.Sandbox, House.Friday, SettlementTerm.T0, 1, [new("m1")], House.Friday, house.Clock.Now),
            House.By, default);

        await house.Days.CloseAll(House.By, default);
        await house.CatchUp();
        house.Channel.PaidOut.Values.ShouldHaveSingleItem().Amount.MinorUnits.ShouldBe(99_40);
        (await new ClearingQueries(house.Views).Find(batch, default))!.Status.ShouldBe("closed");
    }

    [Fact]
    public async Task A_run_that_was_killed_before_it_ordered_all_its_settlements_orders_the_others()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T0);
        await house.Register("m2", SettlementTerm.T0);
        await house.Pay("m1", "1", 100_00);
        await house.Pay("m2", "1", 200_00);
        house.Channel.OnPayout = _ => throw new InvalidOperationException("killed");
        await Should.ThrowAsync<InvalidOperationException>(
            house.Clearing.ClearNow(Channel.Sandbox, null, House.By, default));

        house.Channel.OnPayout = _ => { };
        await house.Days.CloseAll(House.By, default);
        await house.CatchUp();
        await house.Chase.Run(true, House.By, default);
        await house.Days.CloseAll(House.By, default);
        house.Channel.PaidOut.Values.Select(payout => payout.Amount.MinorUnits).Order()
            .ShouldBe([99_40, 198_80]);
    }

    [Fact]
    public async Task A_bill_that_may_not_be_used_keeps_no_later_day_from_being_cleared()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1);
        await house.Pay("m1", "1", 100_00);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        await house.Pay("m1", "2", 200_00);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        house.Channel.OnBill = day => day == House.Friday ? new("bill.csv", "not a bill"u8.ToArray()) : null;

        var reports = await house.Days.CloseAll(House.By, default);
        reports.Select(report => report.Day).ShouldBe([House.Friday, House.Friday.Next]);
        reports[0].Reconciliations.ShouldHaveSingleItem().Refusal.ShouldNotBeNull();
        house.Channel.PaidOut.Values.Select(payout => payout.Amount.MinorUnits).Order().ShouldBe([99_40, 198_80]);
    }

    [Fact]
    public async Task A_day_that_cannot_be_closed_keeps_no_later_day_open_and_is_told()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1);
        await house.Pay("m1", "1", 100_00);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        await house.Pay("m1", "2", 200_00);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        house.Channel.OnBill = day => day == House.Friday ? throw new InvalidOperationException("broken") : null;

        await Should.ThrowAsync<AggregateException>(house.Days.CloseAll(House.By, default));
        house.Channel.PaidOut.Values.Select(payout => payout.Amount.MinorUnits).Order().ShouldBe([99_40, 198_80]);
    }
}
