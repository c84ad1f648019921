using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Days;

using static BroughtBill;

/// <summary>A bill that comes after its day was closed: what finance has of that day stays as it is.</summary>
public sealed class LateBillTests : IDisposable
{
    private static readonly BusinessDay Friday = House.Friday;

    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-finance").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_a_channel_that_is_not_connected_carries_is_met_by_a_day_without_a_line_of_ours()
    {
        await using var house = await House.Traded();
        await Paid(house, "W1", Friday.Next.Start.AddMinutes(-10));
        var none = Bill("friday.csv", Row("Z1", 1_00));
        (await house.Reconciliation.Import(Channel.WeChatPay, Friday, none, null, House.By, default))
            .Completed!.CarriedOver.ShouldBe(1);

        // Saturday has nothing of ours, and is closed before its bill comes.
        await house.Days.Close(Friday, House.By, default);
        await house.Clearing.ClearDay(Channel.WeChatPay, Friday, House.By, default);
        await Import(house, Bill("bill.csv", Row("A1", 10_00), Row("A2", 20_00)));
        await Received(house, Channel.Sandbox, 29_88);
        await Received(house, Channel.WeChatPay, 1_00);
        (await OpenEnds(house, Friday.Next)).ShouldBeEmpty();

        house.Clock.Now = house.Clock.Now.AddDays(1);
        await Downloaded(house, Friday.Next, isAgain: false);
        var late = Row("W1", 10_00) with { TradeTime = Friday.Next.Start.AddSeconds(5) };
        var outcome = await house.Reconciliation.Import(
            Channel.WeChatPay, Friday.Next, Bill("saturday.csv", late), null, House.By, default);
        (outcome.Refusal, outcome.Completed!.CarriedArrived).ShouldBe((null, 1));
        outcome.Completed.BookedOn.ShouldBe(BusinessDay.Of(house.Clock.Now));
        (await OpenEnds(house, Friday.Next)).ShouldBeEmpty();
        await Downloaded(house, Friday.Next, isAgain: true);
        (await OpenEnds(house, Friday.Next.Next)).ShouldBe([$"{Friday.Next} funds_not_received wechatpay"]);
    }

    [Fact]
    public async Task One_that_is_killed_half_way_and_superseded_on_another_day_is_compared_to_its_end()
    {
        await using var house = await House.Traded();
        house.Clock.Now = house.Clock.Now.AddDays(2);
        var now = house.Clock.Now;
        await house.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [
            new ReconciliationEvent.BillImported(
                Channel.Sandbox, Friday, "late.csv", "0", 1, new(10_00, Currency.CNY), new(0, Currency.CNY),
                new(4, Currency.CNY), now, BusinessDay.Of(now))]);
        (await OpenEnds(house, BusinessDay.Of(now))).ShouldContain($"{Friday} bill_not_reconciled sandbox");

        house.Clock.Now = now.AddDays(1);
        var outcome = await house.Reconciliation.Import(
            Channel.Sandbox, Friday, Bill("v2.csv", Row("A1", 10_00)), "cut off", House.By, default);
        (outcome.Refusal, outcome.Completed!.Differences).ShouldBe((null, 1));
        (await OpenEnds(house, BusinessDay.Of(house.Clock.Now)))
            .ShouldNotContain($"{Friday} bill_not_reconciled sandbox");
        outcome.Completed.BookedOn.ShouldBe(BusinessDay.Of(now));
        (await new ReconciliationQueries(house.Views).Find(Channel.Sandbox, Friday, default))!.Status
            .ShouldBe("completed");
    }

    [Fact]
    public async Task One_that_an_older_version_superseded_on_another_day_than_it_began_ends_too()
    {
        await using var house = await House.Traded();
        var (sunday, monday) = (Friday.Next.Next, Friday.Next.Next.Next);
        Money ten = new(10_00, Currency.CNY), none = new(0, Currency.CNY);
        await house.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [
            new ReconciliationEvent.BillImported(
                Channel.Sandbox, Friday, "late.csv", "0", 1, ten, none, none, sunday.Start, sunday),
            new ReconciliationEvent.BillSuperseded(
                Channel.Sandbox, Friday, "v2.csv", "1", "0", "cut off", 2, ten, none, none, monday.Start, monday),
            new ReconciliationEvent.Completed(
                Channel.Sandbox, Friday, 2, 0, 0, 0, ten, ten, monday.Start, monday)]);
        await house.CatchUp();
        var row = (await new ReconciliationQueries(house.Views).Find(Channel.Sandbox, Friday, default))!;
        (row.Status, row.Sha256, row.Matched).ShouldBe(("completed", "1", 2));
    }

    private async Task Downloaded(House house, BusinessDay day, bool isAgain)
    {
        await house.CatchUp();
        var written = (await new FinanceDownload(house.Views, house.Clock).Write(day, _folder, default))
            .ShouldBeOfType<FinanceReport.Written>();
        written.AlreadyThere.ShouldBe(isAgain);
        written.TieOut.Where(line => !line.Ties).ShouldBeEmpty();
    }

    private static Task<ReconciliationOutcome> Import(House house, ChannelBillFile bill) =>
        house.Reconciliation.Import(Channel.Sandbox, Friday, bill, null, House.By, default);
}
