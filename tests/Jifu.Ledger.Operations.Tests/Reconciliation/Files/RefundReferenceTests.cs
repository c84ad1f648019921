using Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

using static GuessedFiles;

/// <summary>Exports that have the channel's number of the payment beside refunds, too, as many systems write them.
/// </summary>
public sealed class RefundReferenceTests : IDisposable
{
    private const string Headings = "订单号,退款单号,类型,金额,微信订单号\n";

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("42-P1")]
    [InlineData("50-R1")]
    [InlineData("")]
    public void A_refund_may_have_the_channel_s_number_of_itself_or_of_its_payment(string reference)
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("P1", "R1", 41_00)],
            $"{Headings}P1,,支付,100.00,42-P1\nP1,R1,退款,41.00,{reference}\n");
        (result.Matched, result.DifferenceCount).ShouldBe((2, 0));
    }

    [Theory]
    [InlineData("42-P2", "42-P1")]
    [InlineData("42-P1", "42-P2")]
    [InlineData("50-R1", "42-P1")]
    public void Of_another_payment_it_differs_and_so_does_a_refund_s_number_beside_a_payment(
        string ofPayment, string ofRefund)
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Paid("P2", 5_00), Refunded("P1", "R1", 41_00)],
            $"{Headings}P2,,支付,5.00,42-P2\nP1,,支付,100.00,{ofPayment}\nP1,R1,退款,41.00,{ofRefund}\n");
        result.Differences.Select(each => (each.Class, each.Field, each.ExcessMinor))
            .ShouldBe([("status_differs", "channel_reference", 0L)]);
    }

    [Fact]
    public void A_refund_that_is_named_itself_is_met_before_one_of_its_payment()
    {
        var result = _files.Compared(
            [
                Paid("P1", 100_00), Refunded("P1", "R1", 41_00) with { RefundId = "50-A" },
                Refunded("P1", "R1", 41_00) with { RefundId = "50-B" },
            ],
            $"{Headings}P1,,支付,100.00,42-P1\nP1,R1,退款,41.00,42-P1\nP1,R1,退款,41.00,50-A\n");
        (result.Matched, result.DifferenceCount).ShouldBe((3, 0));
    }

    [Fact]
    public void Another_amount_is_the_only_difference()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("P1", "R1", 41_00)],
            $"{Headings}P1,,支付,100.00,42-P1\nP1,R1,退款,40.00,42-P1\n");
        result.Differences.Select(each => (each.Class, each.ExcessMinor)).ShouldBe([("amount_differs", -1_00L)]);
    }
}
