namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>Columns whose words or headings nobody knows, and what the bill says of them.</summary>
public sealed class KindGuessTests : IDisposable
{
    private readonly GuessedExport _export = new();

    [Theory]
    [InlineData("类型", "收入", "支出")]
    [InlineData("交易类型", "1", "2")]
    [InlineData("业务类型", "销售", "销售退货")]
    [InlineData("订单类型", "正向", "逆向")]
    [InlineData("收/退", "收", "退")]
    [InlineData("内部代码", "A", "B")]
    public void The_bill_tells_what_words_nobody_knows_mean(string heading, string payment, string refund)
    {
        var told = Told($"""
            订单号,金额,{heading}
            SO20261120000001,100.00,{payment}
            SO20261120000002,25.80,{payment}
            RF20261120000001,41.00,{refund}
            SO20261120000099,7.00,{payment}
            """);
        told.ShouldContain($"kind <- {heading} (payment = {payment}; refund = {refund}");
        told.ShouldNotContain("? ");
    }

    [Theory]
    [InlineData("类型", "收入", "支出")]
    [InlineData("交易类型", "1", "2")]
    [InlineData("收/退", "收", "退")]
    public void What_the_bill_does_not_tell_either_is_asked(string heading, string payment, string refund) =>
        Told($"""
            订单号,金额,{heading}
            SO20261120000001,100.00,{payment}
            SO20261120000002,25.80,{payment}
            RF20261120000099,41.00,{refund}
            """).ShouldContain($"? Is {refund} in column {heading} a payment, a refund or a revocation?");

    [Fact]
    public void A_column_of_that_name_that_does_not_tell_payments_from_refunds_is_none()
    {
        var told = Told("""
            订单号,金额,交易类型
            SO20261120000001,100.00,JSAPI
            SO20261120000002,25.80,NATIVE
            RF20261120000001,41.00,JSAPI
            """);
        told.ShouldContain("kind <- nothing (交易类型 says the same of payments and refunds");
        told.Split("? ").Skip(1).ShouldHaveSingleItem().ShouldStartWith("Column 订单号 has 1 of the bill's refunds");

        told = Told("订单号,金额,交易类型\nSO20261120000001,100.00,JSAPI\nSO20261120000002,25.80,NATIVE\n");
        told.ShouldContain("kind <- nothing (交易类型 has payments only");
        told.ShouldNotContain("? ");
    }

    [Theory]
    [InlineData("退款")]
    [InlineData("refund")]
    public void An_empty_cell_beside_words_for_refunds_only_is_a_payment(string refund) => Told($"""
        订单号,金额,类型
        SO20261120000001,100.00,
        SO20261120000099,25.80,
        RF20261120000001,41.00,{refund}
        """).ShouldContain($"kind <- 类型 (refund = {refund}; payment = (empty))");

    [Fact]
    public void A_column_of_another_name_may_have_words_for_refunds_only() => Told("""
        订单号,金额,标记
        SO20261120000001,100.00,
        SO20261120000002,25.80,
        RF20261120000001,41.00,退款
        """).ShouldContain("kind <- 标记 (refund = 退款; payment = (empty))");

    [Fact]
    public void Refunds_that_nothing_tells_from_payments_are_asked_about() => Told("""
        订单号,金额,标记
        SO20261120000001,100.00,甲
        SO20261120000002,25.80,乙
        RF20261120000001,41.00,甲
        """).ShouldContain("? Column 订单号 has 1 of the bill's refunds, and nothing says that these rows are refunds");

    [Fact]
    public void An_empty_cell_is_what_the_bill_has_of_such_rows() => Told("""
        订单号,金额,类型
        SO20261120000001,100.00,支付
        SO20261120000002,25.80,支付
        RF20261120000001,41.00,
        """).ShouldContain("kind <- 类型 (payment = 支付; refund = (empty))");

    [Fact]
    public void An_empty_cell_of_payments_and_of_refunds_is_asked_about() => Told("""
        订单号,金额,类型
        SO20261120000001,100.00,
        SO20261120000002,25.80,支付
        RF20261120000001,41.00,
        """).ShouldContain("? An empty cell in column 类型 stands in rows that the bill has as payments and in others");

    [Fact]
    public void A_fee_is_found_by_what_the_bill_charges_or_by_its_name()
    {
        var told = Told("""
            订单号,金额,扣给微信的,优惠
            SO20261120000001,100.00,0.60,0.00
            SO20261120000002,25.80,0.15,0.00
            SO20261120000003,0.01,0.00,0.00
            """);
        told.ShouldContain("fee <- 扣给微信的 (agrees with the bill in all 3 rows)");

        Told("订单号,金额,渠道扣费\nSO20261120000001,100.00,0.60\nSO20261120000002,25.80,0.25\n")
            .ShouldContain("fee <- 渠道扣费 (agrees with the bill in 1 of 2 rows)");
        Told("订单号,金额,优惠\nSO20261120000003,0.01,0.00\n").ShouldContain("fee <- nothing (no such column");
    }

    [Theory]
    [InlineData("支付时间")]
    [InlineData("入账那天")]
    public void Times_that_the_bill_contradicts_are_left_out_and_that_is_said(string heading) =>
        Told($"订单号,金额,{heading}\nSO20261120000001,100.00,2026-11-23\nSO20261120000002,25.80,2026-11-23\n")
            .ShouldContain($"at <- nothing ({heading} is of the bill's day in 0 of 2 rows: left out, the bill "
                + "contradicts it)");

    [Theory]
    [InlineData("yuan", "amount <- amount_fen (in yuan: you say so")]
    [InlineData("fen", "amount <- amount_fen (in fen: you say so")]
    public void The_unit_that_somebody_says_counts(string unit, string expected) =>
        Told("order_no,amount_fen\nSO20261120000001,10000\n", new() { ["unit"] = unit }).ShouldContain(expected);

    public void Dispose() => _export.Dispose();

    private string Told(string orders, Dictionary<string, string>? told = null) =>
        string.Join('\n', GuessedExport.Lines(_export.Of(orders, told)));
}
