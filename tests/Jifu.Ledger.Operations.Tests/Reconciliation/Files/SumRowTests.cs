using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>Rows of an export that sum up others: no orders, whichever way the file is read.</summary>
public sealed class SumRowTests : IDisposable
{
    private static readonly BusinessDay Day = new(new(2026, 11, 20));

    private readonly string folder = Directory.CreateTempSubdirectory("jifu-sums-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("合计")]
    [InlineData("总计：")]
    [InlineData("小计(2笔)")]
    [InlineData("共计")]
    [InlineData("Total")]
    [InlineData("grand total:")]
    [InlineData("Subtotal")]
    [InlineData("Sum:")]
    public void A_sum_is_no_order(string word)
    {
        var result = Run($"订单号,金额\nn1,1.00\n{word},1.00\nn2,2.00\n{word},3.00\n", Mapping);
        (result.Ours.Rows, result.DifferenceCount, result.LeftOut).ShouldBe((2, 0, new() { Sums = 2 }));
    }

    [Theory]
    [InlineData("合计,,3.00,")]
    [InlineData(",合计,3.00,")]
    [InlineData("合计,3.00")]
    [InlineData("合计,,,")]
    [InlineData("合计,支付,3.00,成功")]
    [InlineData("合计,支付,3.00,")]
    public void Whatever_else_stands_in_its_row(string row)
    {
        var mapping = Mapping with { Kind = "类型", Status = "状态" };
        var result = Run($"订单号,类型,金额,状态\nn1,支付,1.00,成功\nn2,支付,2.00,成功\n{row}\n", mapping);
        (result.Ours.Rows, result.DifferenceCount, result.LeftOut).ShouldBe((2, 0, new() { Sums = 1 }));
    }

    [Theory]
    [InlineData("totals-7")]
    [InlineData("summer1")]
    [InlineData("Total Tea 4")]
    public void A_number_that_begins_like_a_sum_is_an_order(string number) =>
        Run($"订单号,金额\nn1,1.00\nn2,2.00\n{number},3.00\n", Mapping).CountByClass["only_with_us"].ShouldBe(1);

    [Fact]
    public void A_sum_that_has_a_time_is_an_order() =>
        Run("订单号,金额,时间\nn1,1.00,2026-11-20 08:00:00\nn2,2.00,2026-11-20\n合计,3.00,2026-11-20\n",
            Mapping with { At = "时间" }).CountByClass["only_with_us"].ShouldBe(1);

    private static OrderMapping Mapping => new() { Number = "订单号", Amount = "金额" };

    // As the fast reader begins it, and as the careful one reads it alone, which a wide separator makes sure of.
    private FileReconciliationResult Run(string orders, OrderMapping mapping)
    {
        var (bill, path) = (Path.Combine(folder, "bill.csv"), Path.Combine(folder, "orders.csv"));
        using (var file = File.Create(bill))
            TradeBillWriter.Write(file, [Paid("n1", 1_00), Paid("n2", 2_00)]);
        File.WriteAllText(path, orders);
        var request = new FileReconciliationRequest(bill, Channel.WeChatPay, path, mapping, Day);
        var fast = FileReconciler.Run(request);
        File.WriteAllText(path, orders.Replace(',', '，'));
        var careful = FileReconciler.Run(request with { Mapping = mapping with { Separator = '，' } });
        (fast.Ours, fast.LeftOut, fast.Matched, fast.DifferenceCount).ShouldBe(
            (careful.Ours, careful.LeftOut, careful.Matched, careful.DifferenceCount));
        return fast;
    }

    private static TradeBillRow Paid(string number, long fen) => new()
    {
        TradeTime = Day.Start.AddHours(8), AppId = "wx1", MerchantNumber = "1900", TransactionId = $"42-{number}",
        OutTradeNo = number, TradeType = "JSAPI", TradeState = TradeState.Success,
        SettledAmount = new(fen, Currency.CNY),
        OrderAmount = new(fen, Currency.CNY), Product = "tea", FeeHundredThousandths = 0,
    };
}
