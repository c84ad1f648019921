using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static BankDesk;

/// <summary>What a correction of a closed day brings is looked for at the bank, and the closed day stays as finance has
/// it.</summary>
public sealed class LateBillMoneyTests : IDisposable
{
    private static readonly BusinessDay Friday = House.Friday;
    private static readonly BusinessDay Monday = new(Friday.Date.AddDays(3));
    private static readonly BusinessDay Tuesday = Monday.Next;

    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-finance").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_bill_that_comes_after_all_says_what_its_closed_days_money_is()
    {
        await using var desk = await ClosedWithoutBill();
        var house = desk.House;
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, [BroughtBill.Row("A1", 10_00), BroughtBill.Row("A2", 20_00)]);
        (await house.Reconciliation.Import(
            Channel.Sandbox, Friday, new("bill.csv", file.ToArray()), "it had one", House.By, default))
            .Completed!.BookedOn.ShouldBe(Tuesday);
        (await Side(desk)).ShouldBe(("completed", "outstanding", 29_88, null));
        (await Blocked(desk, Friday), await Blocked(desk, Monday), await Blocked(desk, Tuesday))
            .ShouldBe((false, false, true));
        await Downloaded(house, isAgain: true);

        await desk.Brings("29.88,CHANNEL-1,沙箱支付有限公司");
        (await desk.Line("CHANNEL-1")).MatchedTo.ShouldBe(Funds(Friday));
        (await Side(desk)).ShouldBe(("completed", "confirmed", 29_88, 29_88));
        (await Blocked(desk, Tuesday)).ShouldBeFalse();
        await Downloaded(house, isAgain: true);

        (await desk.Undo("CHANNEL-1", Bo)).ShouldBeNull();
        (await Side(desk)).ShouldBe(("completed", "outstanding", 29_88, null));
        (await Blocked(desk, Friday), await Blocked(desk, Tuesday)).ShouldBe((false, true));
        await Downloaded(house, isAgain: true);
        await desk.Same();
    }

    [Fact]
    public async Task The_money_of_a_late_bill_is_what_its_correction_says()
    {
        await using var desk = await BankDesk.Open();
        await Late(desk, "1", null, 50_00, Monday);
        await Late(desk, "2", "1", 60_00, Tuesday);
        (await Blocked(desk, Monday.Previous), await Blocked(desk, Monday)).ShouldBe((false, true));

        await desk.Brings("60.00,SUPPLIER-1,茶馆");
        (await desk.Confirm("SUPPLIER-1", Bo, Friday)).ShouldBeNull();
        (await Side(desk)).ShouldBe(("completed", "confirmed", 60_00, 60_00));
        (await Blocked(desk, Monday), await Blocked(desk, Tuesday)).ShouldBe((false, false));
        await desk.Same();
    }

    [Fact]
    public async Task A_correction_that_leaves_nothing_due_lets_the_days_go()
    {
        await using var desk = await BankDesk.Open();
        await Late(desk, "1", null, 50_00, Monday);
        (await Side(desk)).ShouldBe(("completed", "outstanding", 50_00, null));
        await Late(desk, "2", "1", 0, Tuesday);
        (await Side(desk)).ShouldBe(("completed", "nothing_due", 0, null));
        (await Blocked(desk, Monday), await Blocked(desk, Tuesday)).ShouldBe((false, false));

        // Who had to wait for it before waits no longer because the next one comes later.
        await Late(desk, "3", "2", 70_00, Tuesday.Next);
        await Late(desk, "4", "3", 71_00, Tuesday.Next.Next);
        (await Blocked(desk, Tuesday), await Blocked(desk, Tuesday.Next)).ShouldBe((false, true));
        await desk.Same();
    }

    // Friday traded, and was closed as a day without a bill; it is Tuesday noon.
    private async Task<BankDesk> ClosedWithoutBill()
    {
        var desk = new BankDesk(await House.Traded());
        var house = desk.House;
        (await desk.Map(Mei)).ShouldBeNull();
        await house.Days.Close(Friday, House.By, default);
        (await house.Reconciliation.ImportNothing(Channel.Sandbox, Friday, "asked", House.By, default))
            .Completed!.TheirNet.ShouldBe(Yuan(0));
        house.Clock.Now = house.Clock.Now.AddDays(3);
        (await Side(desk)).ShouldBe(("none", "nothing_due", 0, null));
        await Downloaded(house, isAgain: false);
        return desk;
    }

    private static Task Late(BankDesk desk, string sha256, string? old, long fen, BusinessDay on)
    {
        var at = desk.House.Clock.Now;
        ReconciliationEvent bill = old is null
            ? new ReconciliationEvent.BillImported(
                Channel.Sandbox, Friday, "b", sha256, 1, Yuan(fen), Yuan(0), Yuan(0), at, on)
            : new ReconciliationEvent.BillSuperseded(
                Channel.Sandbox, Friday, "b", sha256, old, "corrected", 1, Yuan(fen), Yuan(0), Yuan(0), at, on);
        return desk.House.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{Friday}", [
            bill,
            new ReconciliationEvent.Completed(Channel.Sandbox, Friday, 1, 0, 0, 0, Yuan(fen), Yuan(fen), at, on)]);
    }

    private static async Task<(string Trade, string Bank, long? Due, long? Came)> Side(BankDesk desk)
    {
        await desk.House.CatchUp();
        var side = (await new ThreeSidesQueries(desk.House.Views).OfDay(Friday, default)).ShouldHaveSingleItem();
        return (side.Trade, side.Bank, side.TheirNetMinor, side.FundsMinor);
    }

    private static async Task<bool> Blocked(BankDesk desk, BusinessDay day)
    {
        await desk.House.CatchUp();
        return (await new OpenEndQueries(desk.House.Views).UpTo(day, default))
            .Any(end => $"{end}" == $"{Friday} funds_not_received sandbox");
    }

    private async Task Downloaded(House house, bool isAgain)
    {
        await house.CatchUp();
        var written = (await new FinanceDownload(house.Views, house.Clock).Write(Friday, _folder, default))
            .ShouldBeOfType<FinanceReport.Written>();
        written.AlreadyThere.ShouldBe(isAgain);
        written.TieOut.Where(line => !line.Ties).ShouldBeEmpty();
    }
}
