using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>Cells that are empty because there is nothing to say refuse no export.</summary>
public sealed class BlankCellTests : IDisposable
{
    private static readonly TradeBillRow[] Bill = [Paid("P1", 100_00, 60), Paid("P2", 25_80, 15), Paid("P3", 7_00, 4)];

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("P9,支付,,,待支付")]
    [InlineData(",支付,8.00,,待支付")]
    [InlineData(",支付,,,待支付")]
    [InlineData(",,,,待支付")]
    [InlineData(",,--,,待支付")]
    [InlineData(",,,,")]
    public void An_order_that_is_not_done_needs_neither_number_nor_amount(string row)
    {
        var result = _files.Compared(
            Bill, $"支付单号,类型,实付金额,手续费,状态\nP1,支付,100,0.60,已支付\nP2,支付,25.80,0.15,已支付\n{row}\n"
                + "P3,支付,7.00,0.04,已支付\n");
        (result.Ours.Rows, result.OthersRows, result.DifferenceCount).ShouldBe((3, 1, 0));
    }

    [Fact]
    public void An_empty_kind_beside_words_for_refunds_only_is_compared_as_a_payment()
    {
        var result = _files.Compared(
            [.. Bill, Refunded("P1", "R1", 41_00)],
            "订单号,金额,类型\nP1,100.00,\nP2,25.80,\nP3,7.00,\nR1,41.00,退款\n");
        (result.Matched, result.DifferenceCount, result.Ours.RefundRows).ShouldBe((4, 0, 1));
    }

    [Fact]
    public void What_is_paid_at_the_channel_and_not_done_with_us_is_found_without_our_amount()
    {
        var result = _files.Compared(
            Bill, "支付单号,类型,实付金额,状态\nP1,支付,100,已支付\nP2,支付,25.80,已支付\nP3,支付,,待支付\n");
        result.Differences.Select(each => (each.Class, each.Key, each.ExcessMinor)).ShouldBe(
            [("status_differs", "payment:P3", 6_96)]);
    }

    // As a workbook has times whose column is not formatted, and as people see amounts.
    [Fact]
    public void Amounts_with_their_currency_and_times_as_Excel_counts_days_are_read()
    {
        var result = _files.Compared(
            [.. Bill, Refunded("P1", "R1", 41_00)],
            "支付单号,金额,支付时间\nP1,100.00元,46346.33333\nP2,￥25.80,46346.3333333333\nP3,-0.00,2026-11-20\n"
                + "R1,¥-41.00,46346.40001\n");
        (result.Matched, result.Differences.Select(each => each.Key).Single()).ShouldBe((3, "payment:P3"));
    }

    [Fact]
    public void An_empty_fee_is_not_told_and_not_compared()
    {
        var result = _files.Compared(
            Bill, "支付单号,金额,手续费\nP1,100.00,0.60\nP2,25.80,0.15\nP3,7.00,\n");
        (result.DifferenceCount, result.Matched, result.UntoldFeeMinor).ShouldBe((0, 3, -4));
    }
}
