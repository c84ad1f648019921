using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>A refund to a bank card takes a night or days. WeChat Pay's bill lists it on the day on which it began.
/// </summary>
public class RefundDayTests
{
    private const string Order = "W1";
    internal static readonly BusinessDay Friday = House.Friday;
    internal static readonly BusinessDay Saturday = Friday.Next;
    internal static readonly RefundId R1 = new("R-1");
    private static readonly DateTimeOffset Asked = Friday.Start.AddHours(22);
    internal static readonly PaymentId Payment = PaymentId.Of(new("m1"), Order);
    private static readonly Money Ten = new(10_00, Currency.CNY);

    [Fact]
    public async Task A_refund_that_is_done_after_midnight_is_expected_on_the_day_on_which_it_was_asked_for()
    {
        await using var house = await Refunding();
        await Done(house, Saturday.Start.AddHours(1), Saturday);
        (await Import(house, Friday, Paid, Refunded)).ShouldBe((2, 0));

        house.Clock.Now = house.Clock.Now.AddDays(1);
        (await Import(house, Saturday)).ShouldBe((0, 0));
        (await Suspense(house)).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_is_not_done_yet_is_waited_for_and_met_when_it_is()
    {
        await using var house = await Refunding();
        (await Import(house, Friday, Paid, Refunded)).ShouldBe((1, 1));
        (await Advice(house)).ShouldBe((null, "refund_under_way"));
        (await Suspense(house)).ShouldBe(-9_96);

        // Who wrote it off would have the refund's own success book it once more.
        var row = (await Differences(house)).ShouldHaveSingleItem();
        (await house.Differences.Propose(
            new(row.DifferenceId), new(RemedyKind.WriteOff), "ours", default, House.By, default)).Refusal!.Code
            .ShouldBe("outcome_awaited");

        house.Clock.Now = house.Clock.Now.AddDays(2);
        await Done(house, Saturday.Next.Start.AddHours(9), Saturday.Next);
        (await Advice(house)).ShouldBe((null, "refund_has_succeeded"));
        (await Import(house, Saturday)).ShouldBe((0, 0));
        var met = (await Differences(house)).ShouldHaveSingleItem();
        (met.Status, met.ClosedBy, met.ClosedWith).ShouldBe(("closed", "met", $"refund:{Payment}.R-1"));
        house.Clock.Now = house.Clock.Now.AddDays(1);
        (await Import(house, Saturday.Next)).ShouldBe((0, 0));
        (await Suspense(house)).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_fails_after_the_bill_had_it_is_explained()
    {
        await using var house = await Refunding();
        await Import(house, Friday, Paid, Refunded);
        await Tell(house, new PaymentCommand.FailRefund(R1, "CLOSED", "card closed", Saturday, house.Clock.Now));
        (await Advice(house)).ShouldBe((RemedyKind.Hold, "refund_failed_later"));
    }

    [Fact]
    public async Task One_that_is_done_later_keeps_open_the_day_on_which_it_counts_and_none_before()
    {
        await using var house = await Refunding(Friday.Previous);
        await Import(house, Friday.Previous, Paid with { TradeTime = Friday.Previous.Start.AddHours(12) });
        var open = await OpenEnds(house, Friday);
        await Done(house, Saturday.Start.AddHours(1), Saturday);
        (await OpenEnds(house, Friday)).ShouldBe(open);
        (await OpenEnds(house, Saturday)).ShouldContain($"{Friday} bill_not_reconciled wechatpay");
    }

    [Fact]
    public async Task A_refund_that_nobody_here_has_asked_for_is_none_of_ours()
    {
        await using var house = await Refunding();
        await Done(house, Saturday.Start.AddHours(1), Saturday);
        var other = Refunded with { RefundId = "5088", OutRefundNo = $"{Payment}.R-2" };
        (await Import(house, Friday, Paid, Refunded, other)).ShouldBe((2, 1));
        (await Advice(house)).ShouldBe((RemedyKind.Hold, "refund_not_ours"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_bill_has_a_day_before_us_is_two_differences_that_meet(bool isRefund)
    {
        await using var house = isRefund ? await Refunding() : await Sold();
        await house.Tell<PaymentEvent>("payment", $"{Payment}", [isRefund ? OldRefund : Revoked]);
        await house.CatchUp();
        (await Import(house, Friday, Paid, isRefund ? Refunded : RevokedRow)).ShouldBe((1, 1));
        (await Suspense(house)).ShouldBe(-9_96);

        house.Clock.Now = house.Clock.Now.AddDays(1);
        (await Import(house, Saturday)).ShouldBe((0, 1));
        var met = await Differences(house);
        met.Select(row => (row.Class, row.Status, row.LeftMinor)).ShouldBe(
            [("only_at_channel", "closed", 0), ("only_with_us", "closed", 0)]);
        met.Select(row => row.ClosedWith).ShouldBe(met.Reverse().Select(row => $"difference {row.DifferenceId}"));
        (await Suspense(house)).ShouldBe(0);
    }

    // As it was told before it named when it was asked for.
    private static PaymentEvent.RefundSucceeded OldRefund => new(
        R1, new("m1"), Channel.WeChatPay, Ten, Returned, "5001", Saturday.Start.AddHours(1), Saturday);

    private static PaymentEvent.Cancelled Revoked => new(
        new("m1"), Channel.WeChatPay, Ten, Returned, $"4200{Order}", Saturday, Saturday.Start.AddHours(1));

    private static Returns Returned => new(new(6, Currency.CNY), new(4, Currency.CNY), []);

    // Paid at noon, and asked back on Friday at ten in the evening; it is Saturday noon.
    internal static async Task<House> Refunding(BusinessDay? paid = null)
    {
        var house = await Sold(paid);
        await Tell(house, new PaymentCommand.RequestRefund(R1, Ten, "too cold", null, Friday, Asked));
        return house;
    }

    private static async Task<House> Sold(BusinessDay? paid = null)
    {
        var house = await House.Traded();
        var (merchant, day) = (new MerchantId("m1"), paid ?? Friday);
        var noon = day.Start.AddHours(12);
        var order = new PaymentOrder(
            merchant, Order, Ten, Channel.WeChatPay, PaymentProduct.Native, "tea", null, null, null, []);
        var quote = FeeQuote.For(
            Ten, new(6000), FeeOnRefund.Returned, new(Channel.WeChatPay, new(3800), FeeOnRefund.Returned));
        await Tell(house, new PaymentCommand.Create(order, new(quote, [], day), new(true, []), noon));
        await Tell(house, new PaymentCommand.Succeed($"4200{Order}", Ten, noon, day, noon));
        return house;
    }

    private static Task Done(House house, DateTimeOffset at, BusinessDay day) =>
        Tell(house, new PaymentCommand.ConfirmRefund(R1, "5001", Ten, at, day, at));

    internal static async Task Tell(House house, PaymentCommand command)
    {
        (await house.Desk.Handle(Aggregates.Payments, $"{Payment}", command, House.By, default))
            .Rejection.ShouldBeNull();
        await house.CatchUp();
    }

    internal static async Task<(int Matched, int Differences)> Import(
        House house, BusinessDay day, params TradeBillRow[] rows)
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows);
        var outcome = await house.Reconciliation.Import(
            Channel.WeChatPay, day, new($"{day}.csv", file.ToArray()), null, House.By, default);
        outcome.Refusal.ShouldBeNull();
        return (outcome.Completed!.Matched, outcome.Completed.Differences);
    }

    internal static async Task<IReadOnlyList<DifferenceLifeRow>> Differences(House house)
    {
        await house.CatchUp();
        return await new DifferenceQueries(house.Views).List(new(Channel: "wechatpay"), default);
    }

    private static async Task<(RemedyKind?, string)> Advice(House house)
    {
        var row = (await Differences(house)).ShouldHaveSingleItem();
        var advice = Suggestion.For(row.Open, row.Context(1));
        return (advice.Kind, advice.Code);
    }

    private static async Task<IEnumerable<string>> OpenEnds(House house, BusinessDay day)
    {
        await house.CatchUp();
        return (await new OpenEndQueries(house.Views).UpTo(day, default)).Select(end => $"{end}");
    }

    internal static Task<long> Suspense(House house) => Balance(house, Account.Suspense(Channel.WeChatPay));

    internal static async Task<long> Balance(House house, Account account)
    {
        await house.CatchUp();
        return -(await new DayQueries(house.Views).Accounts(BusinessDay.Of(house.Clock.Now), default))
            .Where(one => one.Account == $"{account}").Sum(one => one.ClosingMinor);
    }

    internal static TradeBillRow Paid => new()
    {
        TradeTime = Friday.Start.AddHours(12), AppId = "wx", MerchantNumber = "1900000109",
        TransactionId = $"4200{Order}", OutTradeNo = $"{Payment}", TradeType = "NATIVE",
        TradeState = TradeState.Success, SettledAmount = Ten, OrderAmount = Ten, FeeHundredThousandths = 4_000,
    };

    internal static TradeBillRow Refunded => Paid with
    {
        TradeTime = Asked.AddSeconds(1), TradeState = TradeState.Refund,
        SettledAmount = Money.Zero(Currency.CNY), OrderAmount = Money.Zero(Currency.CNY), RefundId = "5001",
        OutRefundNo = $"{Payment}.R-1", RefundAmount = Ten, RequestedRefundAmount = Ten, RefundType = "ORIGINAL",
        RefundState = "PROCESSING", FeeHundredThousandths = -4_000,
    };

    private static TradeBillRow RevokedRow => Paid with
    {
        TradeTime = Asked.AddSeconds(1), TradeState = TradeState.Revoked, FeeHundredThousandths = -4_000,
    };
}
