using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Tests.WeChatPay;

/// <summary>The two genuine rows that the channel's own fixture shows.</summary>
internal static class Bill
{
    public static readonly TradeBillRow Payment = new()
    {
        TradeTime = new(2019, 2, 19, 1, 52, 32, BusinessDay.Offset),
        AppId = "wxab8acd895ab1638a",
        MerchantNumber = "1921000401",
        TransactionId = "4200000263201902167700134902",
        OutTradeNo = "autotest_20190219015232_89201",
        UserId = "wxab8acb865bb1637e",
        TradeType = "NATIVE",
        TradeState = TradeState.Success,
        SettledAmount = Cny(3),
        Product = "autotest",
        FeeHundredThousandths = 1_000,
        Rate = "39.00%",
        OrderAmount = Cny(3),
    };

    public static readonly TradeBillRow Refund = new()
    {
        TradeTime = new(2019, 2, 19, 5, 1, 46, BusinessDay.Offset),
        AppId = "wxab8acd895ab1638a",
        MerchantNumber = "1921000401",
        Device = "harryma007",
        TransactionId = "4200000263201902167700134212",
        OutTradeNo = "autotest_20190216081946_82335",
        UserId = "oHkLxtx0vUqe-18p_AXTZ1innxkCY",
        TradeType = "JSAPI",
        TradeState = TradeState.Refund,
        RefundId = "50000709672019011908420787722",
        OutRefundNo = "REF4200000263201902167700963919",
        RefundAmount = Cny(1),
        RefundType = "ORIGINAL",
        RefundState = "SUCCESS",
        Product = "系统拨测-cheeryin-test_micropay_succ",
        Rate = "39.00%",
        RequestedRefundAmount = Cny(1),
    };

    public static byte[] Written(IEnumerable<TradeBillRow> rows)
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows);
        return file.ToArray();
    }

    public static Money Cny(long fen) => new(fen, Currency.CNY);
}
