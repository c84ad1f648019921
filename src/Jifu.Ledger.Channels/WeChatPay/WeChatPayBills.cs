using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>Which of WeChat Pay's bills a file is. The sandbox writes them too.</summary>
internal static class WeChatPayBills
{
    /// <param name="first">The line of headings, which is read again.</param>
    public static OpenBill Open(string first, BillText file, BillExpectation expected)
    {
        var channel = expected.Channel!.Value;
        if (first.Contains(FundFlowBill.Mark, StringComparison.Ordinal))
        {
            var flow = new FundFlowBill(file, expected.Day);
            return OpenBill.OfFundFlow(channel, file.FileName, flow.Layout, flow.Rows(), flow.Account);
        }

        var bill = new TradeBill(file, expected.Day, expected.Merchant);
        return OpenBill.OfLines(
            channel, BillKind.Trade, file.FileName, bill.Layout,
            bill.Rows().Select(row => row.Row.ToBillLine(row.Line, expected.Day)), bill.Coverage,
            _ => expected.Day ?? bill.LastDay);
    }
}
