using System.Text;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

public sealed class MappingGuessTests : IDisposable
{
    private readonly GuessedExport _export = new();

    [Fact]
    public void Columns_are_found_by_what_the_bill_holds_and_not_by_their_names() => Told("""
        流水,内部单号,外部号,应付,已付,业务,结果,发生
        1,A-1,SO20261120000001,120.00,100.00,购买,已完成,2026/11/20 9:15
        2,A-2,SO20261120000002,25.80,25.80,购买,已完成,2026/11/20 10:20
        3,A-3,RF20261120000001,41.00,41.00,退货,已完成,2026/11/20 19:00
        4,A-4,SO20261120000099,7.00,7.00,购买,待付款,2026/11/20 20:00
        """).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Usual_headings_are_known_in_Chinese_and_English() => string.Join('\n',
        Told("""
            订单号,微信订单号,商户号,类型,订单状态,支付金额（元）,手续费,支付时间,创建时间
            SO20261120000001,4200002026112000000001,1900000109,支付,支付成功,100.00,0.60,2026/11/20 9:15,2026/11/19 23:59
            SO20261120000002,4200002026112000000002,1900000109,支付,支付成功,25.80,0.15,2026/11/20 10:20,2026/11/20 10:19
            RF20261120000001,5000002026112000000001,1900000109,退款,退款成功,41.00,-0.25,2026/11/20 19:00,2026/11/20 18:59
            """),
        Told("""
            order_no;transaction_id;mch_id;type;status;amount_fen;fee;paid_at
            SO20261120000001;4200002026112000000001;m-internal;payment;succeeded;10000;60;2026-11-20T09:15:02+08:00
            SO20261120000002;4200002026112000000002;m-internal;payment;succeeded;2580;99;2026-11-20T10:20:30+08:00
            RF20261120000001;5000002026112000000001;m-internal;refund;succeeded;4100;99;2026-11-20T19:00:00+08:00
            """)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void What_cannot_be_told_is_asked() => string.Join('\n',
        Told("名称,数量\n茶,1\n"),
        Told("微信订单号,金额\n4200002026112000000001,100.00\n"),
        Told("订单号,金额,实付\nx1,100,90\nx2,25,20\n"),
        Told("订单号,金额,状态\nSO20261120000001,100.00,大吉\nSO20261120000099,1.00,小吉\n")).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void A_mistyped_cell_does_not_hide_its_column()
    {
        var told = Told("""
            订单号,金额,费,支付时间
            SO20261120000001,100.00,0.60,2026/11/20 9:15
            SO20261120000002,25.8O,0.15,20 Nov at ten
            SO20261120000099,7.00,O.04,2026/11/20 20:00
            """);
        told.ShouldContain("amount <- 金额 (in yuan: agrees with the bill in 1 of 2 rows that both have)");
        told.ShouldContain("fee <- 费 (agrees with the bill in all 2 rows)");
        told.ShouldContain("at <- 支付时间 (is of the bill's day in 1 of 2 rows)");
    }

    [Fact]
    public void What_somebody_says_counts() =>
        Told("订单号,金额,实付\nSO20261120000001,100.00,90.00\n", new() { ["amount"] = "实付" }).ShouldContain("amount <- 实付 ");

    [Fact]
    public void An_export_in_GBK_and_one_in_Excel_are_read_as_they_are()
    {
        const string text = "订单号,金额,支付时间\nSO20261120000001,100.00,2026-11-20 09:15:02\n";
        var path = Path.Combine(_export.Folder, "gbk.csv");
        File.WriteAllBytes(path, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text));
        OrderSample.Read(path).Encoding.ShouldBe(OrderEncoding.Gb18030);
        OrderSample.Read(path).Headings.ShouldBe(["订单号", "金额", "支付时间"]);

        var (book, csv) = (Path.Combine(_export.Folder, "orders.xlsx"), Path.Combine(_export.Folder, "made.csv"));
        using (var stream = File.Create(book))
        using (var writer = new WorkbookWriter(stream, DateTimeOffset.UnixEpoch.AddYears(50)))
        {
            var table = writer.Table("订单", [new("订单号"), new("金额", ColumnKind.Money), new("支付时间", ColumnKind.Moment)]);
            table.Text("p\n01").Money(100_05, "CNY").Moment(new(2026, 11, 20, 1, 15, 2, TimeSpan.Zero)).EndRow();
        }

        OrderSheet.IsWorkbook(book).ShouldBeTrue();
        OrderSheet.ToCsv(book, csv, CancellationToken.None);
        File.ReadAllText(csv).ShouldBe(
            "\"订单号\",\"金额\",\"支付时间\"\n\"p 01\",\"100.05\",\"2026-11-20 09:15:02\"\n");
    }

    [Theory]
    [InlineData("2026-11-19T16:30:00Z", "2026-11-20T15:30:00Z")]
    [InlineData("2026-11-20T01:30:00+09:00", "2026-11-20T23:59:59+08:00")]
    [InlineData("2026-11-20 00:30", "2026/11/20 23:59")]
    public void Times_are_of_the_day_in_Beijing_wherever_this_runs(string one, string other) =>
        Told($"number,amount,paid_at\nSO20261120000004,58.00,{one}\nSO20261120000005,199.00,{other}\n")
            .ShouldContain("at <- paid_at (is of the bill's day in all 2 rows)");

    [Fact]
    public void A_mapping_file_gives_back_the_mapping()
    {
        var mapping = new OrderMapping
        {
            Number = "订单号", Amount = "金额", Kind = "类型", PaymentWords = ["卖"], RefundWords = ["退"], RevokeWords = [],
            Status = "状态", SuccessWords = ["好"], Unit = AmountUnit.Fen, Encoding = OrderEncoding.Gb18030,
            Separator = ';', NegativeRefunds = true, At = "时间", RefundNumber = "退款单号", NegativeFees = true,
            PositiveRefundFees = true, NotDoneWords = ["坏", ""],
        };
        var path = Path.Combine(_export.Folder, "m.json");

        File.WriteAllText(path, MappingFile.Write(mapping));
        MappingFile.Read(path).ShouldBe(mapping);

        File.WriteAllText(path, "{\"number\": \"a\", \"amount\": \"b\"}");
        MappingFile.Read(path).ShouldBe(new OrderMapping { Number = "a", Amount = "b" });
    }

    public void Dispose() => _export.Dispose();

    private string Told(string orders, Dictionary<string, string>? told = null)
    {
        var guess = _export.Of(orders, told);
        return string.Join('\n',
        [
            .. GuessedExport.Lines(guess),
            guess.Mapping is { } mapping ? MappingFile.Write(mapping) : "no mapping\n",
        ]);
    }
}
