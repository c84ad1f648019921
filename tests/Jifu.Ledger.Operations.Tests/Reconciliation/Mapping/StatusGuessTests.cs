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
