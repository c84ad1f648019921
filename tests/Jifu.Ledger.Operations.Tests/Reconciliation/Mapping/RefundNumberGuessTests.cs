using System.Globalization;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>Exports whose refunds have a number of their own beside the payment's.</summary>
public sealed class RefundNumberGuessTests : IDisposable
{
    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Refunds_are_known_by_the_number_that_the_bill_has_of_them()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("P1", "R1", 41_00)], "订单号,退款单号,类型,金额\nP1,,支付,100\nP1,R1,退款,41\n");
        (result.Ours.NetMinor, result.Matched, result.DifferenceCount).ShouldBe((59_00, 2, 0));
    }

    [Theory]
    [InlineData(100, 5)]
    [InlineData(10, 10)]
    public void However_few_or_many_they_are(int payments, int refunds)
    {
        var (bill, orders) = (new List<TradeBillRow>(), "订单号,退款单号,类型,金额\n");
        for (var n = 0; n < payments; n++)
        {
            bill.Add(Paid($"P{n}", 100_00 + n));
            orders += string.Create(CultureInfo.InvariantCulture, $"P{n},,支付,{(10_000 + n) / 100m:0.00}\n");
        }

        // Of payments of the day, and of others that this bill does not have.
        for (var n = 0; n < refunds; n++)
        {
            var payment = n % 2 == 0 ? $"P{n}" : $"earlier{n}";
            bill.Add(Refunded(payment, $"R{n}", 1_00 + n));
            orders += string.Create(CultureInfo.InvariantCulture, $"{payment},R{n},退款,{(100 + n) / 100m:0.00}\n");
        }

        var result = _files.Compared(bill, orders);
        (result.Ours.RefundRows, result.DifferenceCount).ShouldBe((refunds, 0L));
    }

    [Fact]
    public void More_refunds_than_payments_do_not_make_their_number_that_of_payments()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("E1", "R1", 41_00), Refunded("E2", "R2", 7_00)],
            "订单号,退款单号,类型,金额\nP1,,支付,100.00\nE1,R1,退款,41.00\nE2,R2,退款,7.00\n");
        (result.Ours.NetMinor, result.DifferenceCount).ShouldBe((52_00, 0));
    }

    [Fact]
    public void A_bill_that_has_refunds_only_leaves_payments_their_number()
    {
        var result = _files.Compared(
            [Refunded("E1", "R1", 41_00), Refunded("E2", "R2", 7_00)],
            "订单号,退款单号,类型,金额\nP1,,支付,100.00\nE1,R1,退款,41.00\nE2,R2,退款,7.00\n");
        result.Differences.Select(each => (each.Class, each.Key)).ShouldBe([("only_with_us", "payment:P1")]);
    }

    [Theory]
    [InlineData("订单号,退款单号,金额\nP1,R1,100.00\nP2,,5.00\n")]
    [InlineData("订单号,金额,微信退款单号\nP1,100.00,50-R1\nP2,5.00,\n")]
    [InlineData("订单号,类型,金额,售后\nP1,支付,100.00,R1\nP2,支付,5.00,\n")]
    public void A_refund_that_stands_beside_its_payment_only_is_asked_about(string orders) => _files.Guess(
        [Paid("P1", 100_00), Paid("P2", 5_00), Refunded("P1", "R1", 41_00)], orders)
        .Doubts.ShouldHaveSingleItem().ShouldContain("has 1 of the bill's refunds in rows of payments");

    [Fact]
    public void What_refund_an_order_had_makes_no_row_a_refund_where_somebody_has_named_the_column()
    {
        var guess = _files.Guess(
            [Paid("P1", 100_00), Paid("P2", 5_00), Refunded("P1", "R1", 41_00)],
            "订单号,退款单号,金额\nP1,R1,100.00\nP2,,5.00\n",
            new() { ["refund_number"] = "退款单号", ["amount"] = "金额" });
        guess.Doubts.ShouldBeEmpty();
        _files.Compared(guess.Mapping!).Differences.Select(each => (each.Class, each.Key))
            .ShouldBe([("only_at_channel", "refund:R1")]);
    }

    [Fact]
    public void A_refund_that_has_a_row_of_its_own_may_stand_beside_its_payment_too()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("P1", "R1", 41_00)],
            "订单号,类型,金额,关联退款\nP1,支付,100.00,R1\nR1,退款,41.00,\n");
        (result.Matched, result.DifferenceCount).ShouldBe((2, 0));
    }

    // As Alipay has it.
    [Fact]
    public void A_refund_that_has_the_channel_s_number_of_its_payment_does_not_stand_beside_it() => _files.Guess(
        [Paid("P1", 100_00), Refunded("P1", "R1", 41_00) with { RefundId = "42-P1" }],
        "订单号,类型,金额,微信订单号,原单\nP1,支付,100.00,42-P1,42-P1\n").Doubts.ShouldBeEmpty();

    [Fact]
    public void A_number_that_only_looks_like_that_of_another_payment_s_refund_is_none() => _files.Guess(
        [Paid("P1", 100_00), Paid("P2", 5_00), Refunded("P1", "2", 41_00)],
        "订单号,类型,金额,件数\nP1,支付,100.00,1\nP2,支付,5.00,2\n2,退款,41.00,1\n").Doubts.ShouldBeEmpty();

    [Fact]
    public void A_refund_that_the_bill_lacks_is_told_by_its_own_number()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Paid("P2", 5_00), Refunded("P1", "R1", 41_00)],
            "订单号,退款单号,类型,金额\nP1,,支付,100\nP2,,支付,5\nP1,R1,退款,41\nP2,R2,退款,5\n");
        result.Differences.Select(each => (each.Class, each.Key)).ShouldBe([("only_with_us", "refund:R2")]);
    }

    [Fact]
    public void Refunds_with_a_minus_sign_and_no_kind_are_known_so_too()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("P1", "R1", 41_00)], "订单号,退款单号,金额\nP1,,100.00\nP1,R1,-41.00\n");
        (result.Ours.NetMinor, result.DifferenceCount).ShouldBe((59_00, 0));
    }

    [Fact]
    public void Refunds_that_the_bill_knows_by_the_payment_s_number_are_read_as_before()
    {
        var result = _files.Compared(
            [Paid("P1", 100_00), Refunded("P1", "P1", 41_00)],
            "订单号,售后单号,类型,金额\nP1,,支付,100.00\nP1,A-7,退款,41.00\n");
        (result.Ours.NetMinor, result.DifferenceCount).ShouldBe((59_00, 0));
    }

    [Fact]
    public void Without_a_word_or_a_sign_that_tells_refunds_it_is_asked() => _files.Guess(
        [Paid("P1", 100_00), Refunded("P1", "R1", 41_00)], "订单号,退款单号,金额\nP1,,100.00\nP1,R1,41.00\n")
        .Doubts.ShouldHaveSingleItem().ShouldContain("退款单号");

    [Fact]
    public void Refunds_under_their_payments_numbers_only_are_asked_about()
    {
        using var files = new GuessedFiles();
        string[] numbers = [.. Enumerable.Range(1, 40).Select(n => $"P{n}")];
        files.Guess(
            [.. numbers.Select(number => Paid(number, 7_00)), Refunded("P2", "R1", 3_00)],
            $"订单号,类型,金额\n{string.Concat(numbers.Select(number => $"{number},支付,7.00\n"))}P2,退款,3.00\n")
            .Doubts.ShouldHaveSingleItem()
            .ShouldStartWith("Rows of refunds have their payments' numbers in column 订单号, ");
    }

    [Fact]
    public void Known_words_that_the_bill_contradicts_are_asked_about() => _files.Guess(
        [Paid("P1", 100_00), Paid("P2", 7_00)], "订单号,类型,金额\nP1,支付,100.00\nP2,退款,7.00\n")
        .Doubts.ShouldHaveSingleItem().ShouldContain("类型");
}
