namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>Refunds with a minus sign beside columns that tell, or seem to tell, what a row is.</summary>
public sealed class SignedRefundGuessTests : IDisposable
{
    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_word_that_only_the_bill_explains_may_stand_beside_a_minus_sign()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("P1", "R1", 41_00)], "订单号,收支类型,金额\nP1,收入,100.00\nR1,支出,-41.00\n");
        (result.Ours.NetMinor, result.DifferenceCount).ShouldBe((59_00, 0));
    }

    [Theory]
    [InlineData("R1")]
    [InlineData("R-not-in-the-bill")]
    public void A_column_that_calls_refunds_payments_too_tells_no_kinds(string refund)
    {
        var bill = Enumerable.Range(1, 20).Select(n => Paid($"P{n}", 100_00)).Append(Refunded("P1", "R1", 41_00));
        var orders = string.Concat(Enumerable.Range(1, 20).Select(n => $"P{n},微信支付,100.00\n"));
        var result = _files.Compared(bill, $"订单号,支付类型,金额\n{orders}{refund},微信支付,-41.00\n");
        (result.Ours.NetMinor, result.Ours.RefundRows).ShouldBe((1_959_00, 1));
    }
}
