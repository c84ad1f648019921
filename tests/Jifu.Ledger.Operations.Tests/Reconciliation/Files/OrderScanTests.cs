using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>What the fast reader of orders reads by itself, and what it leaves to the careful one.</summary>
public sealed class OrderScanTests : IDisposable
{
    private static readonly OrderMapping Mapping = new()
    {
        Number = "订单号", RefundNumber = "退款单号", Kind = "类型", Amount = "金额", Fee = "手续费", Status = "状态",
        SuccessWords = ["成功", ""], NotDoneWords = ["待支付"], NegativeFees = true, PositiveRefundFees = true,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("jifu-scan-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("P1,R1,退款,41.00,0.25,成功")]
    [InlineData("P1,,退款,41.00,0.25,成功")]
    [InlineData(",R1,退款,41.00,0.25,成功")]
    [InlineData("P1,,支付,100.00,-0.60,")]
    [InlineData("P1,,支付,100.00,,成功")]
    [InlineData("P1,,支付,,,待支付")]
    [InlineData(",,,--,,待支付")]
    [InlineData(",,支付,-1.00,0.1.2,待支付")]
    public void It_reads_what_is_usual_as_the_careful_one_does(string row) => IsReadFast(row).ShouldBeTrue();

    [Theory]
    [InlineData("合计,2笔,退款,41.00,0.25,成功")]
    [InlineData("P1,,支付,100.00,-0.60,未知")]
    [InlineData(",,支付,100.00,-0.60,成功")]
    [InlineData("P1,,支付,,-0.60,成功")]
    [InlineData("P1,,支付,100.00,x,成功")]
    [InlineData("P1,,,100.00,-0.60,成功")]
    public void What_may_be_something_else_it_leaves_to_the_careful_one(string row) =>
        IsReadFast(row).ShouldBeFalse();

    [Fact]
    public void Fees_are_turned_and_an_empty_one_is_not_told()
    {
        var lines = Careful("P1,,支付,100.00,-0.60,成功\nP1,R1,退款,41.00,0.25,成功\nP2,,支付,1.00,,\n,,,,,待支付\n");
        lines.Select(line => (line.Key, line.Fee?.MinorUnits, line.Status)).ShouldBe(
        [
            ("payment:P1", 60, null), ("refund:R1", -25, null), ("payment:P2", null, null), ("payment:", null, "待支付"),
        ]);
    }

    [Fact]
    public void A_status_that_nobody_has_explained_is_refused_unless_all_others_are_not_done()
    {
        Should.Throw<BillRejectedException>(() => Careful("P1,,支付,1.00,,未知\n")).Message.ShouldStartWith(
            "orders.csv:2:14: bill_row_malformed: expected one of success_words or not_done_words of the mapping");
        Careful("P1,,支付,1.00,,未知\n", Mapping with { NotDoneWords = null }).Single().Status.ShouldBe("未知");
    }

    private FileReconciliationRequest Written(string rows, OrderMapping? mapping = null)
    {
        var path = Path.Combine(folder, "orders.csv");
        File.WriteAllText(path, $"订单号,退款单号,类型,金额,手续费,状态\n{rows}");
        return new("", Channel.WeChatPay, path, mapping ?? Mapping);
    }

    private List<OrderLine> Careful(string rows, OrderMapping? mapping = null) =>
        [.. OrderFile.Lines(Written(rows, mapping))];

    private bool IsReadFast(string row)
    {
        var request = Written($"{row}\n");
        var hash = new RowHash(ComparedColumns.Of(request.Mapping), new Random(1).NextBytes);
        using var scan = OrderScan.TryOpen(request, hash);
        using var work = new ScanWork(1, -1);
        var isRead = scan.ShouldNotBeNull().Scan(0, work, default);
        if (!isRead)
            return false;
        var line = OrderFile.Lines(request).Single();
        var expected = request.Expects(line)
            ? SideTotals.Of(line.Kind, line.Amount, line.Fee ?? default) : SideTotals.None;
        work.Totals.ShouldBe(expected);
        return true;
    }
}
