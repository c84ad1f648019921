using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>Numbers of orders that Excel took for amounts: they are no differences.</summary>
public sealed class RoundedNumberTests : IDisposable
{
    private static readonly TradeBillRow[] Bill =
        [Paid("4200002026112012345", 100_00), Paid("4200002026112067891", 25_80), Paid("4200002026112011113", 7_00)];

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("4.20000E+18", "4.20000E+18", "4.20000E+18")]
    [InlineData("4200002026112010000", "4200002026112060000", "4200002026112010000")]
    [InlineData("4200002026112012345", "4.2E+18", "4200002026112011113")]
    public void A_column_of_them_is_told_as_such(string one, string two, string three) => _files.Guess(
        Bill, $"订单号,金额\n{one},100.00\n{two},25.80\n{three},7.00\n")
        .Doubts.ShouldContain(doubt => doubt.Contains("Excel has rounded it"));

    [Theory]
    [InlineData("4200002026112000000")]
    [InlineData("1234567890123450")]
    [InlineData("E+20")]
    public void Numbers_of_the_bill_and_single_zeros_are_none(string number) => _files.Guess(
        [Paid("4200002026112000000", 100_00), Paid("x", 1_00)], $"订单号,金额\n{number},100.00\nx,1.00\n")
        .Doubts.ShouldBeEmpty();

    [Fact]
    public void One_that_a_saved_mapping_meets_is_refused_at_its_cell()
    {
        var mapping = _files.Guess(Bill, "订单号,金额\n4200002026112012345,100.00\n").Mapping!;
        _files.Write("订单号,金额\n4200002026112012345,100.00\n4.20000E+18,25.80\n4200002026112011113,7.00\n");
        Should.Throw<BillRejectedException>(() => _files.Compared(mapping)).Message
            .ShouldStartWith("orders.csv:3:1: bill_row_malformed: expected an order's number (Excel has rounded it");
    }
}
