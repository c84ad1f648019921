using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>A channel makes no bill of a day without trade, though our books may have some.</summary>
public class NoBillTests
{
    private const string Answer = "NO_STATEMENT_EXIST, asked at ten";
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task A_day_without_a_bill_is_compared_as_with_an_empty_one_and_says_who_knows_and_how()
    {
        await using var house = await House.Traded();
        (await OpenEnds(house)).ShouldContain($"{Friday} bill_not_reconciled sandbox");
        var head = await house.Log.Head(default);
        (await Nothing(house, " ")).Refusal!.Code.ShouldBe("no_bill_reason_missing");
        (await house.Log.Head(default)).ShouldBe(head);

        var told = await Nothing(house, Answer);
        (told.Completed!.Differences, told.Completed.TheirNet).ShouldBe((2, Money.Zero(Currency.CNY)));
        (await OpenEnds(house)).ShouldNotContain($"{Friday} bill_not_reconciled sandbox");
        (await new ReconciliationQueries(house.Views).Differences(Friday, default)).Select(one => one.Class)
            .ShouldBe(["only_with_us", "only_with_us"]);
        var sides = (await new ThreeSidesQueries(house.Views).OfDay(Friday, default)).ShouldHaveSingleItem();
        (sides.Trade, sides.Bank).ShouldBe(("none", "nothing_due"));
        var import = (await Imports(house)).ShouldHaveSingleItem();
        (import.FileName, import.Rows, import.ImportedBy, import.Reason).ShouldBe(("", 0, "test", Answer));

        head = await house.Log.Head(default);
        (await Nothing(house, "again")).AlreadyThere.ShouldBeTrue();
        (await house.Log.Head(default)).ShouldBe(head);
    }

    [Fact]
    public async Task A_bill_that_comes_after_all_takes_its_place_and_keeps_it()
    {
        await using var house = await House.Traded();
        await Nothing(house, Answer);
        (await Bring(house, null)).Refusal!.Code.ShouldBe("bill_already_imported");
        (await Bring(house, "the channel had forgotten it")).Completed!.Differences.ShouldBe(0);
        await house.CatchUp();
        (await new ReconciliationQueries(house.Views).Differences(Friday, default)).ShouldBeEmpty();

        (await Nothing(house, Answer)).Refusal!.Code.ShouldBe("bill_already_imported");
        var trail = await Imports(house);
        trail.Select(one => (one.FileName, one.Reason, one.SupersededAt is null)).ShouldBe(
            [("", Answer, false), ("bill.csv", "the channel had forgotten it", true)]);
        trail[1].Supersedes.ShouldBe(trail[0].Sha256);
    }

    [Fact]
    public async Task A_channel_that_says_so_itself_is_believed()
    {
        await using var house = await House.Traded();
        (await house.Reconciliation.Run(Channel.Sandbox, Friday, House.By, default))
            .Refusal!.Code.ShouldBe("bill_not_ready");
        house.Channel.OnBill = _ => ChannelBillFile.Nothing;
        (await house.Reconciliation.Run(Channel.Sandbox, Friday, House.By, default)).Completed!.Differences.ShouldBe(2);
        (await Imports(house)).ShouldHaveSingleItem().Reason.ShouldBe("the channel says so");
        (await house.Reconciliation.Run(Channel.Sandbox, Friday, House.By, default)).Completed!.Differences.ShouldBe(2);
    }

    [Fact]
    public async Task Who_asks_by_day_has_the_channel_asked_again_and_takes_the_bill_it_has_after_all()
    {
        await using var house = await House.Traded();
        await Nothing(house, Answer);
        foreach (var none in new[] { null, ChannelBillFile.Nothing })
        {
            house.Channel.OnBill = _ => none;
            var still = await Ask(house, "账单补发");
            still.Completed!.Differences.ShouldBe(2);
            still.Note.ShouldBe("The channel was asked again and still has no bill; the day stays as compared with "
                + "none, and the reason has no effect.");
        }

        house.Channel.OnBill = _ => new("bill.csv", Bill());
        var told = await Ask(house, "账单补发");
        (told.Completed!.Differences, told.Note).ShouldBe((0, null));
        (await Imports(house)).Select(one => (one.FileName, one.Reason)).ShouldBe(
            [("", Answer), ("bill.csv", "账单补发")]);
        (await Ask(house, "账单补发")).Note.ShouldBe("No bill took another's place: the reason has no effect.");
        (await Ask(house, null)).Note.ShouldBeNull();
    }

    [Fact]
    public async Task A_reason_for_which_nothing_took_anothers_place_is_told_to_have_no_effect()
    {
        await using var house = await House.Traded();
        (await Bring(house, null)).Note.ShouldBeNull();
        (await Bring(house, null)).Note.ShouldBeNull();
        (await Bring(house, "typo")).Note.ShouldBe("The file was imported before: the reason has no effect.");
        var another = new ChannelBillFile("bill2.csv", (byte[])[.. Bill(), .. "\r\n"u8]);
        (await house.Reconciliation.Import(Channel.Sandbox, Friday, another, "更正", House.By, default)).Note
            .ShouldBeNull();
        (await Imports(house)).Select(one => one.Reason).ShouldBe([null, "更正"]);

        await using var other = await House.Traded();
        (await Bring(other, "更正")).Note.ShouldBe(
            "There was no file whose place it could take: the reason has no effect.");
        (await Imports(other)).ShouldHaveSingleItem().Reason.ShouldBeNull();

        await using var quiet = await House.Traded();
        (await Nothing(quiet, Answer)).Note.ShouldBeNull();
        (await Nothing(quiet, "asked again")).Note.ShouldBe(
            "It was said before that there is no bill: the reason has no effect.");
    }

    [Fact]
    public async Task A_bill_after_all_of_a_day_that_is_open_needs_no_reason()
    {
        await using var house = await House.Traded();
        await Nothing(house, Answer);
        house.Channel.OnBill = _ => new("bill.csv", Bill());
        (await house.Reconciliation.Run(Channel.Sandbox, Friday, House.By, default)).Completed!.Differences.ShouldBe(2);
        (await Ask(house, null)).Completed!.Differences.ShouldBe(0);
        (await Imports(house))[1].Reason.ShouldBe("the channel has a bill after all");
    }

    [Fact]
    public async Task A_bill_after_all_of_a_day_that_is_closed_needs_a_reason()
    {
        await using var house = await House.Traded();
        await house.Days.Close(Friday, House.By, default);
        await Nothing(house, Answer);
        (await OpenEnds(house)).ShouldBeEmpty();
        house.Clock.Now = house.Clock.Now.AddDays(3);
        house.Channel.OnBill = _ => new("bill.csv", Bill());
        (await Ask(house, null)).Refusal!.Code.ShouldBe("bill_already_imported");
        var told = await Ask(house, "账单补发");
        (told.Completed!.Differences, told.Completed.BookedOn).ShouldBe((0, BusinessDay.Of(house.Clock.Now)));
    }

    [Fact]
    public async Task A_day_that_is_not_over_may_still_get_one()
    {
        await using var house = await House.Traded();
        (await house.Reconciliation.ImportNothing(Channel.Sandbox, Friday.Next, Answer, House.By, default))
            .Refusal!.Code.ShouldBe("bill_day_not_over");
        (await house.Reconciliation.ImportNothing(Channel.Alipay, Friday, Answer, House.By, default))
            .Refusal!.Code.ShouldBe("channel_not_available");
    }

    private static Task<ReconciliationOutcome> Nothing(House house, string reason) =>
        house.Reconciliation.ImportNothing(Channel.Sandbox, Friday, reason, House.By, default);

    private static Task<ReconciliationOutcome> Ask(House house, string? reason) =>
        house.Reconciliation.Ask(Channel.Sandbox, Friday, reason, House.By, default);

    private static Task<ReconciliationOutcome> Bring(House house, string? reason) => house.Reconciliation.Import(
        Channel.Sandbox, Friday, new("bill.csv", Bill()), reason, House.By, default);

    private static byte[] Bill()
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, [Row("A1", 10_00), Row("A2", 20_00)]);
        return file.ToArray();
    }

    private static async Task<IReadOnlyList<ImportRow>> Imports(House house)
    {
        await house.CatchUp();
        return await new ImportQueries(house.Views).OfDay(Friday, default);
    }

    private static async Task<IEnumerable<string>> OpenEnds(House house)
    {
        await house.CatchUp();
        return (await new OpenEndQueries(house.Views).UpTo(Friday, default)).Select(end => $"{end}");
    }

    private static TradeBillRow Row(string orderNo, long fen) => new()
    {
        TradeTime = Friday.Start.AddHours(12), AppId = "wx", MerchantNumber = "1900000109",
        TransactionId = $"4200{orderNo}", OutTradeNo = $"{PaymentId.Of(new("m1"), orderNo)}", TradeType = "NATIVE",
        TradeState = TradeState.Success, SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY),
        FeeHundredThousandths = new Money(fen, Currency.CNY).RoundedHalfEven(3800, 1_000_000).MinorUnits * 1000,
    };
}
