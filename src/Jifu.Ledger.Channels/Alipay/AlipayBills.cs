using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

/// <summary>Which of Alipay's bills a file is: its first line says so.</summary>
internal static class AlipayBills
{
    /// <param name="first">The first line, which is read again.</param>
    public static OpenBill Open(string first, BillText file, BillExpectation expected)
    {
        switch (first.Trim())
        {
            case "#支付宝业务明细查询":
                var trade = new AlipayTrade(file, expected);
                return OpenBill.OfLines(Channel.Alipay, BillKind.Trade, file.FileName, trade.Layout, trade.Rows());
            case "#支付宝业务汇总查询":
                var sums = new AlipaySummary(file, expected);
                return OpenBill.OfLines(Channel.Alipay, BillKind.TradeSummary, file.FileName, sums.Layout, sums.Rows());
            case "#支付宝账务明细查询":
                var flow = new AlipayFlow(file, expected);
                return OpenBill.OfFundFlow(Channel.Alipay, file.FileName, flow.Layout, flow.Rows());
            default:
                throw file.Reject(
                    BillRejection.BillHeaderUnknown, 1, "#支付宝业务明细查询, #支付宝业务汇总查询 or #支付宝账务明细查询");
        }
    }
}
