using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>Exports as shops and accountants write them, guessed and compared without a word from anybody.</summary>
public sealed class UnusualExportTests : IDisposable
{
    private static readonly TradeBillRow[] Bill =
        [Paid("n1", 817_44), Paid("n2", 1_304_00), Refunded("n1", "r1", 304_00)];

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("CNY 817.44", "CNY 1304.00", "-304.00")]
    [InlineData("RMB 817.44元", "RMB 1304.00元", "RMB -304.00元")]
    [InlineData("817.44 CNY", "1304.00 CNY", "-304.00 CNY")]
    [InlineData("¥817.44", "￥1304.00", "¥(304.00)")]
    [InlineData("817.44", "1304.00", "(304.00)")]
    [InlineData("人民币817.44", "cny1304", "（304.00）")]
    public void Yuan_are_read_however_they_are_marked(string one, string two, string refund)
    {
        var result = _files.Compared(Bill, $"订单号,金额\nn1,{one}\nn2,{two}\nr1,{refund}\n");
        (result.Ours.PaidMinor, result.Ours.RefundedMinor, result.DifferenceCount).ShouldBe((2_121_44, 304_00, 0));
    }

    [Theory]
    [InlineData("USD 12.00")]
    [InlineData("12.00 HKD")]
    [InlineData("$12.00")]
    [InlineData("US¥12.00")]
    [InlineData("(12.00")]
    [InlineData("12.00)")]
    [InlineData("-(12.00)")]
    [InlineData("(-12.00)")]
    public void Another_currency_and_half_a_bracket_are_refused(string amount)
    {
        var mapping = _files.Guess(Bill, "订单号,金额\nn1,817.44\nn2,1304.00\nr1,-304.00\n").Mapping!;
        _files.Write($"订单号,金额\nn1,817.44\nn3,{amount}\n");
        Should.Throw<BillRejectedException>(() => _files.Compared(mapping)).Code
            .ShouldBe(BillRejection.BillAmountMalformed);
    }

    [Theory]
    [InlineData("币种")]
    [InlineData("Currency")]
    public void Rows_that_are_said_to_be_of_another_currency_are_asked_about(string heading)
    {
        string Orders(string currency) =>
            $"订单号,金额,{heading}\nn1,817.44,CNY\nn2,1304.00,{currency}\nr1,-304.00,人民币\n";
        _files.Guess(Bill, Orders("USD")).Doubts.ShouldHaveSingleItem().ShouldStartWith($"Column {heading} says USD");
        _files.Guess(Bill, Orders("RMB")).Doubts.ShouldBeEmpty();
    }

    [Fact]
    public void A_row_of_another_currency_is_refused_also_where_nothing_was_guessed()
    {
        const string others = "订单号,金额,币种\nn1,817.44,CNY\nn2,1304.00,cny\nr1,-304.00,\n";
        var mapping = _files.Guess(Bill, others).Mapping!;
        _files.Write(others);
        _files.Compared(mapping).DifferenceCount.ShouldBe(0);
        _files.Write(others + "n9,12.00,USD\n");
        var refused = Should.Throw<BillRejectedException>(() => _files.Compared(mapping));
        (refused.Line, refused.Column, refused.Code).ShouldBe((5, 10, BillRejection.BillRowMalformed));
        refused.Message.ShouldEndWith("expected yuan (CNY): no other currency is compared, not 'USD'");
    }

    [Fact]
    public void Where_no_row_is_told_to_be_a_refund_the_option_is_said() => _files.Guess(
        Bill, "订单号,金额,类型\nn1,817.44,甲\nn2,1304.00,甲\nr1,304.00,甲\n").Doubts
        .ShouldContain(doubt => doubt.Contains("say --map kind=类型"));

    [Theory]
    [InlineData("销售")]
    [InlineData("零售")]
    public void Refunds_whose_kind_is_left_blank_are_told_by_the_bill(string sale)
    {
        var result = _files.Compared(Bill, $"订单号,金额,类型\nn1,817.44,{sale}\nn2,1304.00,{sale}\nr1,304.00,\n");
        (result.Matched, result.DifferenceCount).ShouldBe((3, 0));
    }

    [Theory]
    [InlineData("46346.5", "46346.25")]
    [InlineData("46346", "46346")]
    [InlineData("46346.333333", "46346.999988")]
    public void Times_of_a_column_that_nobody_has_formatted_are_days_since_1899(string one, string two)
    {
        var orders = $"订单号,金额,支付时间\nn1,817.44,{one}\nn2,1304.00,{two}\nr1,-304.00,{one}\nn9,5.00,46345.5\n";
        var guess = _files.Guess(Bill, orders);
        guess.Doubts.ShouldBeEmpty();
        guess.Mapping!.At.ShouldBe("支付时间");
        var result = _files.Compared(guess.Mapping, new(new(2026, 11, 20)));
        (result.Matched, result.DifferenceCount, result.LeftOut.OtherDays).ShouldBe((3, 0, 1));
    }

    [Fact]
    public void A_rounded_column_that_is_not_needed_is_not_asked_about() => _files.Compared(
        Bill, "平台订单号,订单号,金额\n1.2E+17,n1,817.44\n1.3E+17,n2,1304.00\n1.4E+17,r1,-304.00\n")
        .DifferenceCount.ShouldBe(0);

    [Fact]
    public void Headings_of_each_printed_page_and_footers_are_no_orders()
    {
        var result = _files.Compared(Bill, """
            订单号,金额,备注
            n1,817.44,
            第 1 页 共 2 页,,
            订单号,金额,备注
            n2,1304.00,
            r1,-304.00,
            制表人：张三,,
            ,打印时间：2026-11-21,
            第2页/共2页
            —— 以下空白 ——,,

            """);
        (result.Ours.Rows, result.LeftOut.Sums, result.DifferenceCount).ShouldBe((3, 6, 0));
    }

    [Theory]
    [InlineData("第 1 页 共 2 页,5.00,")]
    [InlineData("制表人：张三,5.00,")]
    public void What_has_a_number_and_an_amount_is_an_order_whatever_it_is_called(string row) => _files.Compared(
        Bill, $"订单号,金额,备注\nn1,817.44,\nn2,1304.00,\nr1,-304.00,\n{row}\n")
        .CountByClass["only_with_us"].ShouldBe(1);
}
