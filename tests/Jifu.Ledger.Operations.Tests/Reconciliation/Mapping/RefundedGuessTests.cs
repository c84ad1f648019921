using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>An export with a row for each order that tells how much of it was refunded, and no refund's number.
/// </summary>
public sealed class RefundedGuessTests : IDisposable
{
    private static readonly TradeBillRow[] Bill =
    [
        Paid("P1", 100_00), Paid("P2", 25_80), Refunded("P1", "R1", 41_00), Refunded("P1", "R2", 10_00),
    ];

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("订单号,金额,退款金额\nP1,100.00,51.00\nP2,25.80,0.00\n")]
    [InlineData("订单号,订单已退款金额,金额\nP1,51.00,100.00\nP2,,25.80\n")]
    [InlineData("order_no,amount,total_refunded\nP1,100.00,-51.00\nP2,25.80,0\n")]
    [InlineData("订单号,金额(分),退款金额(分)\nP1,10000,5100\nP2,2580,0\n")]
    [InlineData("订单号,类型,金额,退款金额,退款单号\nP1,支付,100.00,51.00,R1\nP2,支付,25.80,0.00,\n")]
    public void It_is_held_against_the_bill_s_refunds_of_the_payment(string orders)
    {
        var result = _files.Compared(Bill, orders);
        (result.Matched, result.DifferenceCount, result.Ours.RefundedMinor, result.LeftOut.All)
            .ShouldBe((4, 0, 51_00, 0));
    }

    [Theory]
    // The first refund of 41.00 is that which we do not know, or the second of 10.00.
    [InlineData("10.00", "only_at_channel refund:R1 -4100")]
    [InlineData("41.00", "only_at_channel refund:R2 -1000")]
    [InlineData("0.00", "only_at_channel refund:R1 -4100; only_at_channel refund:R2 -1000")]
    [InlineData("--", "only_at_channel refund:R1 -4100; only_at_channel refund:R2 -1000")]
    [InlineData("45.00", "amount_differs refund:R2 -600")]
    public void What_the_bill_has_beyond_it_differs(string refunded, string differences)
    {
        var result = _files.Compared(
            [.. Bill, Paid("P3", 7_00), Refunded("P3", "R3", 1_00), Paid("P4", 7_00), Refunded("P4", "R4", 2_00)],
            $"订单号,金额,退款金额\nP1,100.00,{refunded}\nP2,25.80,0.00\nP3,7.00,1.00\nP4,7.00,2.00\n");
        string.Join("; ", result.Differences.Select(each => $"{each.Class} {each.Key} {each.ExcessMinor}"))
            .ShouldBe(differences);
    }

    [Fact]
    public void What_it_has_beyond_the_bill_may_be_of_another_day_and_is_told()
    {
        var result = _files.Compared(Bill, "订单号,金额,退款金额\nP1,100.00,53.00\nP2,25.80,5.80\n", doubts: 1);
        (result.Matched, result.DifferenceCount, result.LeftOut).ShouldBe((4, 0, new() { RefundsElsewhere = 2 }));
    }

    [Fact]
    public void Goods_of_one_order_in_several_rows_refund_it_once()
    {
        var told = _files.Guess(Bill, "订单号,金额,退款金额\nP1,60.00,51.00\nP1,40.00,51.00\nP2,25.80,0\n");
        _files.Compared(told.Mapping!).Ours.RefundedMinor.ShouldBe(51_00);
    }

    [Fact]
    public void What_comes_to_something_else_is_asked_about() => _files.Guess(
        Bill, "订单号,金额,退款金额\nP1,100.00,3.00\nP2,25.80,0.00\n")
        .Doubts.ShouldHaveSingleItem().ShouldContain("退款金额");

    [Fact]
    public void Where_refunds_have_rows_of_their_own_those_are_compared()
    {
        var guess = _files.Guess(
            Bill, "订单号,类型,金额,退款金额\nP1,支付,100.00,51.00\nP2,支付,25.80,\nR1,退款,41.00,\nR2,退款,10.00,\n");
        (guess.Doubts.Count, guess.Mapping!.Refunded).ShouldBe((0, null));
        _files.Compared(guess.Mapping).DifferenceCount.ShouldBe(0);
    }

    [Fact]
    public void A_cell_that_is_no_amount_is_refused() => Should.Throw<Channels.Bills.BillRejectedException>(() =>
    {
        var guess = _files.Guess(Bill, "订单号,金额,退款金额\nP1,100.00,51.00\nP2,25.80,无\n", new() { ["refunded"] = "退款金额" });
        _files.Compared(guess.Mapping!);
    }).Message.ShouldStartWith("orders.csv:3:10: bill_amount_malformed");
}
