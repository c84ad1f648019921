using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

public sealed class FileReconcilerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jifu-files-").FullName;

    private static readonly BusinessDay Day = new(new(2026, 11, 20));

    private static readonly OrderMapping Mapping = new()
    {
        Number = "订单号", Kind = "类型", Amount = "金额", Fee = "手续费", Status = "状态", At = "时间",
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_class_of_difference_is_found_with_its_lines() => Story(
        [
            Paid("equal", 10_00), Paid("dearer", 20_00), Paid("unknown", 30_00), Paid("twice", 40_00),
            Paid("twice", 40_00), Paid("unpaid", 50_00), Paid("monday", 60_00),
            Paid("midnight", 70_00) with { TradeTime = Day.Start.AddSeconds(5) },
            Paid("equal", 0) with
            {
                TradeState = TradeState.Refund, RefundId = "5001", OutRefundNo = "r1", RefundAmount = Cny(5_00),
                RefundState = "FAIL", FeeHundredThousandths = -3_000,
            },
        ],
        """
        订单号,类型,金额,手续费,状态,时间
        equal,支付,10.00,0.06,成功,2026-11-20 08:00:00
        dearer,支付,19.00,0.11,成功,2026-11-20 08:00:00
        twice,支付,40,0.24,成功,2026-11-20 08:00:00
        unpaid,支付,50.00,0.30,待支付,2026-11-20 08:00:00
        monday,支付,60.00,0.36,成功,2026-11-23 08:00:00
        midnight,支付,70.00,0.42,成功,2026-11-19 23:59:59
        r1,退款,5.00,-0.03,成功,2026-11-20 08:00:00
        missing,支付,"1,080.00",0.48,成功,2026-11-20 08:00:00
        late,支付,90.00,0.54,成功,2026-11-20 23:59:00
        ours twice,支付,1.00,0.01,成功,2026-11-20 08:00:00
        ours twice,支付,1.00,0.01,成功,2026-11-20 08:00:00
        tomorrow,支付,1.00,0.01,成功,2026-11-21 08:00:00
        """).ShouldMatchApproved(o => o.NoDiff());

    [Theory]
    [InlineData("layout-of-success-bill-and-our-refunds", BillCoverage.Payments, 2)]
    [InlineData("layout-of-success-bill-of-today", BillCoverage.Payments, 2)]
    [InlineData("layout-of-refund-bill-and-our-payments", BillCoverage.Refunds, 2)]
    [InlineData("layouts-of-success-and-refund-bill", BillCoverage.Payments | BillCoverage.Refunds, 1)]
    [InlineData("layout-of-refund-bill-with-a-revocation", BillCoverage.Refunds | BillCoverage.Revocations, 1)]
    public void A_bill_of_some_kinds_says_nothing_of_orders_of_others(string name, BillCoverage listed, int others)
    {
        var request = new FileReconciliationRequest(
            Directory.GetFiles(Path.Combine(Fixtures, name), "bill.*").Single(), Channel.WeChatPay,
            Path.Combine(Fixtures, name, "ledger.csv"),
            new()
            {
                Number = "number", Amount = "amount", Unit = AmountUnit.Fen, Kind = "kind", PaymentWords = ["payment"],
                RefundWords = ["refund"], RevokeWords = ["revoke"], At = "at",
            },
            new(new(2026, 7, 1)));
        var result = FileReconciler.Run(request);
        (result.DifferenceCount, result.Coverage, result.OthersRows).ShouldBe((0, listed, others));
        result.Ours.Rows.ShouldBe(result.Matched);
    }

    private static string Fixtures
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!Directory.Exists(Path.Combine(root!.FullName, "reconciliation-fixtures")))
                root = root.Parent;
            return Path.Combine(root.FullName, "reconciliation-fixtures", "wechatpay");
        }
    }

    [Theory]
    [InlineData("￥１,２３４．５０")]
    [InlineData("ＲＭＢ 1234.50")]
    [InlineData("1234.50ＣＮＹ")]
    [InlineData("１２３４．５")]
    public void An_amount_in_full_width_characters_is_the_same_amount(string cell)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(
            $"订单号,类型,金额,手续费,状态,时间\nn1,支付,\"{cell}\",0,成功,2026-11-20 08:00:00\n"));
        OrderFile.Lines(file, "orders.csv", Mapping).Single().Amount.ShouldBe(Cny(1_234_50));
    }

    [Fact]
    public void A_file_that_is_not_understood_is_refused_with_its_place()
    {
        Refusal("number;amount\n").ShouldBe(
            "orders.csv:1:1: bill_header_unknown: expected the heading 订单号, once, as the mapping says");
        Refusal("订单号,类型,金额,手续费,状态,时间\nn1,支付,ten,0,成功,2026-11-20 08:00:00\n").ShouldBe(
            "orders.csv:2:7: bill_amount_malformed: expected yuan with at most 2 decimals, not 'ten'");
        Refusal("订单号,类型,金额,手续费,状态,时间\nn1,支付,1,0,成功\n").ShouldBe(
            "orders.csv:2:13: bill_row_malformed: expected 6 cells as in the headings, not 5");
        Refusal("订单号,类型,金额,手续费,状态,时间\n\"n1,支付,1,0,成功,\n").ShouldBe(
            "orders.csv:2:1: bill_truncated: expected the quote that ends a cell of this row");
    }

    private static string Refusal(string orders)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(orders));
        return Should.Throw<BillRejectedException>(() => OrderFile.Lines(file, "orders.csv", Mapping).ToList()).Message;
    }

    private static TradeBillRow Paid(string number, long fen) => new()
    {
        TradeTime = Day.Start.AddHours(8), AppId = "wx1", MerchantNumber = "1900", TransactionId = $"42-{number}",
        OutTradeNo = number, TradeType = "JSAPI", TradeState = TradeState.Success, SettledAmount = Cny(fen),
        OrderAmount = Cny(fen), Product = "tea, green", FeeHundredThousandths = fen * 6,
    };

    private static Money Cny(long fen) => new(fen, Currency.CNY);

    private string Story(TradeBillRow[] bill, string orders)
    {
        var (billPath, ordersPath) = (Path.Combine(folder, "bill.csv"), Path.Combine(folder, "orders.csv"));
        var differencesPath = Path.Combine(folder, "differences.csv");
        using (var file = File.Create(billPath))
            TradeBillWriter.Write(file, bill);
        File.WriteAllText(ordersPath, orders);
        var result = FileReconciler.Run(new(
            billPath, Channel.WeChatPay, ordersPath, Mapping, Day, null, differencesPath));
        result.Theirs.NetMinor.ShouldBe(
            result.Ours.NetMinor + result.ExcessMinor + result.CutOffMinor + result.ToleratedMinor);
        result.UntoldFeeMinor.ShouldBe(0);
        return $"""
            {result.Theirs}
            {result.Ours}
            {result.OthersRows} others, {result.Matched} matched, {result.DifferenceCount} differences
            {File.ReadAllText(differencesPath)}
            """;
    }
}
