using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>A column whose words seem to say that rows are done or not, held against the bill.</summary>
public sealed class StatusGuessTests : IDisposable
{
    private static readonly TradeBillRow[] Bill =
        [Paid("P1", 100_00), Paid("P2", 25_80), Paid("P3", 7_00), Paid("P4", 8_00)];

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("国家", "中国", "中国")]
    [InlineData("门店", "中关村店", "中关村店")]
    [InlineData("门店", "中关村店", "成功路店")]
    public void What_is_no_status_hides_no_order(string heading, string one, string other)
    {
        var result = _files.Compared(
            Bill, $"订单号,金额,{heading}\nP1,100.00,{one}\nP2,25.80,{one}\nP3,7.00,{other}\nP4,8.00,{other}\n"
                + $"P9,9.00,{one}\n");
        result.Differences.Select(each => (each.Class, each.Key)).ShouldBe([("only_with_us", "payment:P9")]);
    }

    [Theory]
    [InlineData("未结算", "未结算")]
    [InlineData("未结算", "已结算")]
    public void A_status_of_something_else_is_asked_about(string one, string other)
    {
        var guess = _files.Guess(
            Bill, $"订单号,金额,结算状态\nP1,100.00,{one}\nP2,25.80,{one}\nP3,7.00,{other}\nP4,8.00,{other}\n"
                + $"P9,9.00,{one}\n");
        guess.Doubts.ShouldHaveSingleItem().ShouldContain(one);
    }

    [Fact]
    public void An_empty_cell_is_done_when_the_bill_has_most_such_rows()
    {
        var result = _files.Compared(
            Bill, "订单号,金额,状态\nP1,100.00,\nP2,25.80,\nP3,7.00,已退款\nP4,8.00,\nP9,9.00,\n");
        (result.Ours.Rows, result.OthersRows).ShouldBe((5, 0));
        result.Differences.Select(each => (each.Class, each.Key)).ShouldBe([("only_with_us", "payment:P9")]);
    }

    [Fact]
    public void An_empty_cell_that_the_bill_does_not_explain_is_asked_about() => _files.Guess(
        Bill, "订单号,金额,状态\nP1,100.00,已支付\nP2,25.80,已支付\nP8,8.00,\nP9,9.00,\n")
        .Doubts.ShouldHaveSingleItem().ShouldContain("empty");

    [Fact]
    public void One_order_that_is_not_done_with_us_and_paid_at_the_channel_is_a_difference_and_no_doubt()
    {
        var result = _files.Compared(
            Bill, "订单号,金额,状态\nP1,100.00,已支付\nP2,25.80,已支付\nP3,7.00,待支付\nP4,8.00,已支付\n");
        result.Differences.Select(each => (each.Class, each.Key)).ShouldBe([("status_differs", "payment:P3")]);
    }

    [Theory]
    [InlineData("支付状态", "成功", "订单状态", "交易完成", "交易关闭")]
    [InlineData("订单状态", "完成", "退款状态", "无", "已取消")]
    [InlineData("state", "2", "Order Status", "complete", "canceled")]
    public void A_second_status_that_says_otherwise_of_what_the_bill_lacks_is_asked_about(
        string first, string done, string second, string fine, string closed)
    {
        var orders = $"订单号,金额,{first},{second}\nP1,100.00,{done},{fine}\nP2,25.80,{done},{fine}\n"
            + $"P3,7.00,{done},{fine}\nP9,9.00,{done},{closed}\n";
        _files.Guess(Bill, orders).Doubts.ShouldHaveSingleItem()
            .ShouldContain($"{closed} (1 rows, 0 of them in the bill)");
        _files.Guess(Bill, orders, new() { ["status"] = first }).Doubts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("支付状态", "成功", "订单状态", "待发货", "交易关闭")]
    [InlineData("Financial Status", "paid", "Fulfillment Status", "fulfilled", "unfulfilled")]
    [InlineData("支付状态", "成功", "物流状态", "已发货", "未发货")]
    public void A_second_status_of_what_the_bill_has_is_not_asked_about(
        string first, string done, string second, string fine, string other)
    {
        var result = _files.Compared(
            Bill, $"订单号,{second},金额,{first}\nP1,{fine},100.00,{done}\nP2,{other},25.80,{done}\n"
                + $"P3,{other},7.00,{done}\nP9,{fine},9.00,{done}\n");
        result.Differences.Select(each => (each.Class, each.Key)).ShouldBe(
            [("only_at_channel", "payment:P4"), ("only_with_us", "payment:P9")]);
    }

    [Theory]
    [InlineData("状态", "已完成", "退款中")]
    [InlineData("订单状态", "交易成功", "买家已付款 等待卖家发货")]
    [InlineData("订单状态", "已发货", "待发货")]
    [InlineData("Status", "completed", "processing")]
    public void Who_waits_for_goods_or_for_money_back_has_paid(string heading, string done, string waits)
    {
        var result = _files.Compared(
            Bill, $"订单号,金额,{heading}\nP1,100.00,{done}\nP2,25.80,{done}\nP3,7.00,{waits}\nP4,8.00,{done}\n");
        (result.Matched, result.DifferenceCount).ShouldBe((4, 0));
    }

    [Fact]
    public void One_column_may_tell_what_a_row_is_and_whether_it_is_done()
    {
        var result = _files.Compared(
            [.. Bill, Refunded("P1", "R1", 41_00), Refunded("P2", "R2", 1_00)],
            "订单号,金额,状态\nP1,100.00,已支付\nP2,25.80,已支付\nP3,7.00,已支付\nP4,8.00,已支付\nR1,-41.00,已退款\n"
                + "R2,-1.00,已退款\nP8,3.00,待支付\nP9,9.00,已支付\n");
        (result.LeftOut, result.Differences.Select(each => each.Key).Single())
            .ShouldBe((new() { NotDone = 1 }, "payment:P9"));
    }

    [Fact]
    public void A_status_of_refunds_hides_no_payment()
    {
        var result = _files.Compared(
            Bill, "订单号,金额,退款状态\nP1,100.00,未退款\nP2,25.80,未退款\nP3,7.00,退款中\nP9,9.00,未退款\n");
        result.Differences.Select(each => (each.Class, each.Key)).ShouldBe(
            [("only_at_channel", "payment:P4"), ("only_with_us", "payment:P9")]);
    }

    [Fact]
    public void A_column_of_too_many_words_that_somebody_calls_the_status_is_asked_about()
    {
        var orders = new StringBuilder("订单号,金额,备注\n");
        for (var row = 1; row <= 25; row++)
            orders.Append(System.Globalization.CultureInfo.InvariantCulture, $"P{row},1.00,say {row}\n");
        _files.Guess(Bill, orders.ToString(), new() { ["status"] = "备注" })
            .Doubts.ShouldHaveSingleItem().ShouldContain("备注");
    }

    [Fact]
    public void A_status_that_first_comes_late_is_refused_at_its_cell()
    {
        var orders = new StringBuilder("订单号,金额,状态\n");
        for (var row = 2; row < 12_000; row++)
            orders.Append(row % 100 == 0 ? "P9,100.00,待支付\n" : "P1,100.00,已完成\n");
        var guess = _files.Guess(Bill, $"{orders}P999,1.00,已支付\n");
        guess.Doubts.ShouldBeEmpty();
        Should.Throw<BillRejectedException>(() => _files.Compared(guess.Mapping!)).Message.ShouldStartWith(
            "orders.csv:12000:11: bill_row_malformed: expected one of success_words or not_done_words of the mapping");
    }
}
