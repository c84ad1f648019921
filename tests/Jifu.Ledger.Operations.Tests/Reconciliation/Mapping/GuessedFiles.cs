using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>A bill and an export, whose columns are guessed and which are then compared by the guess.</summary>
internal sealed class GuessedFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-guess-").FullName;

    private string Bill => Path.Combine(_folder, "bill.csv");

    private string Orders => Path.Combine(_folder, "orders.csv");

    public static TradeBillRow Paid(string number, long fen, int fee = 0) => new()
    {
        TradeTime = new BusinessDay(new(2026, 11, 20)).Start.AddHours(8), AppId = "wx1", MerchantNumber = "1900",
        TransactionId = $"42-{number}", OutTradeNo = number, TradeType = "JSAPI", TradeState = TradeState.Success,
        SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY), Product = "tea",
        FeeHundredThousandths = fee * 1_000,
    };

    public static TradeBillRow Refunded(string payment, string number, long fen, int fee = 0) =>
        Paid(payment, 0, fee) with
        {
            TradeState = TradeState.Refund, RefundId = $"50-{number}", OutRefundNo = number, RefundState = "SUCCESS",
            RefundAmount = new(fen, Currency.CNY),
        };

    public MappingGuess Guess(
        IEnumerable<TradeBillRow> bill, string orders, Dictionary<string, string>? told = null)
    {
        using (var file = File.Create(Bill))
            TradeBillWriter.Write(file, bill);
        File.WriteAllText(Orders, orders);
        return MappingGuess.Of(OrderSample.Read(Orders), BillSample.Read(Bill, Channel.WeChatPay), told);
    }

    /// <summary>What is found by a guess that nobody doubts, whichever reader reads the orders.</summary>
    /// <param name="doubts">How much is asked all the same.</param>
    public FileReconciliationResult Compared(IEnumerable<TradeBillRow> bill, string orders, int doubts = 0)
    {
        var guess = Guess(bill, orders);
        guess.Doubts.Count.ShouldBe(doubts, string.Join('\n', guess.Doubts));
        return Compared(guess.Mapping!);
    }

    public FileReconciliationResult Compared(OrderMapping mapping, BusinessDay? day = null)
    {
        var request = new FileReconciliationRequest(Bill, Channel.WeChatPay, Orders, mapping, day);
        var fast = FileReconciler.Run(request);
        var orders = File.ReadAllText(Orders);
        // No fast reader takes such a separator.
        File.WriteAllText(Orders, orders.Replace(',', '，'));
        var careful = FileReconciler.Run(request with { Mapping = mapping with { Separator = '，' } });
        File.WriteAllText(Orders, orders);
        (fast.Ours, fast.LeftOut, fast.Matched, fast.UntoldFeeMinor, fast.Differences.ToValueList()).ShouldBe(
            (careful.Ours, careful.LeftOut, careful.Matched, careful.UntoldFeeMinor,
                careful.Differences.ToValueList()));
        return fast;
    }

    public void Write(string orders) => File.WriteAllText(Orders, orders);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
