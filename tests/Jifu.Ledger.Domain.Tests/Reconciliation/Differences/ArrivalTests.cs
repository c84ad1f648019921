using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Differences;

using static Given;

/// <summary>The two sides of a line level each other, whichever of them owes.</summary>
public class ArrivalTests
{
    [Theory]
    [InlineData("payment:p1", -9_96, 9_96, 9_96)]
    [InlineData("payment:p1", -9_96, 9_90, 9_90)]
    [InlineData("refund:p1.r1", 9_96, -9_96, -9_96)]
    [InlineData("refund:p1.r1", 9_96, -9_90, -9_90)]
    [InlineData("refund:p1.r1", 9_90, -9_96, -9_90)]
    [InlineData("revoke:p1", 9_96, -9_96, -9_96)]
    [InlineData("refund:p1.r1", 0, 0, 0)]
    public void Both_sides_give_up_what_they_have_in_common(string key, long ours, long theirs, long freed)
    {
        var (we, they) = (Open("only_with_us", key, ours), Open("only_at_channel", key, theirs));
        var arrival = Arrivals.Of([we, they], [], []).ShouldHaveSingleItem();
        arrival.Difference.ShouldBe(we);
        arrival.Other!.Difference.ShouldBe(they);
        arrival.Shares.ShouldBe(Of(-freed));
        arrival.Other.Shares.ShouldBe(Of(freed));
    }

    [Theory]
    [InlineData(9_96, 9_96)]
    [InlineData(-9_96, -9_96)]
    [InlineData(0, -9_96)]
    [InlineData(9_96, 0)]
    public void Two_that_owe_the_same_way_have_nothing_in_common(long ours, long theirs) => Arrivals.Of(
        [Open("only_with_us", "refund:p1.r1", ours), Open("only_at_channel", "refund:p1.r1", theirs)], [], [])
        .ShouldBeEmpty();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_refund_that_came_back_meets_its_money_beside_another_refund_of_the_payment(bool hasNumbers)
    {
        // Of 50.00 that were paid 30.00 were given back on Friday, in vain, and 20.00 on Saturday.
        var saturday = Friday.Next;
        BillLine other = new(
            BillLineKind.Refund, "p1.r2", "5002", Cny(20_00), Cny(0), null, saturday.Start.AddHours(9), 1,
            PaymentNumber: "p1", PaymentReference: "4200");
        var gap = FundFlowCheck.Of(
            saturday, [Move(1, -20_00), Move(2, 30_00)], [other], [], new Dictionary<string, Money>())
            .Gaps.ShouldHaveSingleItem();
        gap.Class.ShouldBe("funds_differ");
        var flow = new OpenDifference(
            new(Channel.Alipay, saturday, gap.Class, gap.Key, "funds", gap.Theirs, gap.Ours, gap.Excess, 2,
                hasNumbers ? gap.Facts : null, gap.OurAmount), gap.Excess);
        var refund = new OpenDifference(
            new(Channel.Alipay, Friday, "only_at_channel", "refund:p1.r1", "line", "CNY 30.00", "", Cny(-30_00), 1,
                new("m1", "5001", "p1", "4200")), Cny(-30_00));

        var met = ReturnedRefunds.Of([refund, flow]).ShouldHaveSingleItem();
        (met.Difference, met.Other!.Difference).ShouldBe((refund, flow));
        met.Shares.ShouldBe([new(Account.Receivable(Channel.Alipay), Cny(-30_00))]);

        // That of another payment is none of it.
        var stranger = refund with
        {
            Finding = refund.Finding with { Key = "refund:p2.r1", Line = new("m1", "5009", "p2", "4209") },
        };
        ReturnedRefunds.Of([stranger, flow]).ShouldBeEmpty();

        FundFlowLine Move(int at, long fen) => new(
            saturday.Start.AddHours(10), $"F{at}", "4200", "p1", "退款", Cny(fen), null, "", "", at);
    }

    [Fact]
    public void A_refund_that_came_back_does_not_take_what_another_refund_of_the_payment_still_owes()
    {
        // 20.00 of the payment were given back on Saturday, and nothing moved: neither they, nor Friday's 50.00 back.
        var saturday = Friday.Next;
        BillLine other = new(
            BillLineKind.Refund, "p1.r2", "5002", Cny(20_00), Cny(0), null, saturday.Start.AddHours(9), 1,
            PaymentNumber: "p1", PaymentReference: "4200");
        var gap = FundFlowCheck.Of(saturday, [], [other], [], new Dictionary<string, Money>())
            .Gaps.ShouldHaveSingleItem();
        (gap.Class, gap.Key, gap.Excess).ShouldBe(("funds_missing", "refund:p1.r2", Cny(20_00)));
        var missing = new OpenDifference(
            new(Channel.Alipay, saturday, gap.Class, gap.Key, "funds", gap.Theirs, gap.Ours, gap.Excess, 2, gap.Facts),
            gap.Excess);
        var refund = new OpenDifference(
            new(Channel.Alipay, Friday, "only_at_channel", "refund:p1.r1", "line", "CNY 50.00", "", Cny(-50_00), 1,
                new("m1", "5001", "p1", "4200")), Cny(-50_00));
        ReturnedRefunds.Of([refund, missing]).ShouldBeEmpty();

        // What came back on Sunday meets it whole.
        var back = new OpenDifference(
            new(Channel.Alipay, saturday.Next, "funds_unexplained", "flow:F2", "funds", "CNY 50.00 退款", "",
                Cny(50_00), 3, new(Reference: "5001")), Cny(50_00));
        var met = ReturnedRefunds.Of([refund, missing, back]).ShouldHaveSingleItem();
        (met.Difference, met.Other!.Difference).ShouldBe((refund, back));
        met.Shares.ShouldBe([new(Account.Receivable(Channel.Alipay), Cny(-50_00))]);
    }

    [Fact]
    public void A_refund_of_the_bill_whose_own_money_never_moved_meets_that()
    {
        var refund = Open("only_at_channel", "refund:p1.r1", -50_00);
        var missing = new OpenDifference(
            new(Channel.WeChatPay, Friday, "funds_missing", "refund:p1.r1", "funds", "", "CNY -50.00", Cny(50_00), 2),
            Cny(50_00));
        ReturnedRefunds.Of([refund, missing]).ShouldHaveSingleItem().Other!.Difference.ShouldBe(missing);
    }

    private static ValueList<SuspenseShare> Of(long fen) =>
        fen == 0 ? [] : [new(Account.Receivable(Channel.WeChatPay), Cny(fen))];

    private static OpenDifference Open(string kind, string key, long fen) => new(
        new(Channel.WeChatPay, Friday, kind, key, "line", "", "", Cny(fen), 1), Cny(fen));
}
