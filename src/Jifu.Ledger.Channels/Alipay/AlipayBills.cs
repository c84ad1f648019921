using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

/// <summary>Which of Alipay's bills a file is: its first line says so.</summary>
internal static class AlipayBills
{
    private static readonly AlipaySummaryColumn[] OfStores =
    [
        AlipaySummaryColumn.Store, AlipaySummaryColumn.Payments, AlipaySummaryColumn.Refunds,
        AlipaySummaryColumn.Received, AlipaySummaryColumn.Net,
    ];

    /// <param name="first">The first line, which is read again.</param>
    /// <param name="sums">What this file's other documents say of the same trades and movements.</param>
    public static OpenBill Open(string first, BillText file, BillExpectation expected, AlipaySums sums)
    {
        switch (AlipayFrame.Unpadded(first).Trim())
        {
            case "#支付宝业务明细查询":
                var trade = new AlipayTrade(file, expected, sums);
                return OpenBill.OfLines(
                    Channel.Alipay, BillKind.Trade, file.FileName, trade.Layout, trade.Rows(), part: trade.Part);
            case "#支付宝业务汇总查询":
                return OfStore(file, new(file, expected), sums.Trade);
            case "#支付宝账务明细查询":
                var flow = new AlipayFlow(file, expected, sums);
                return OpenBill.OfFundFlow(
                    Channel.Alipay, file.FileName, flow.Layout, flow.Rows(), part: flow.Part);
            case "#支付宝账务汇总查询":
                return OfFlow(file, new(file, expected), sums.Flow);
            default:
                throw file.Reject(
                    BillRejection.BillHeaderUnknown, 1,
                    "#支付宝业务明细查询, #支付宝业务汇总查询, #支付宝账务明细查询 or #支付宝账务汇总查询");
        }
    }

    private static OpenBill OfStore(BillText file, AlipayFrame frame, AlipayTradeSums sums)
    {
        var header = new BillHeader<AlipaySummaryColumn>(frame.Headings, file, AlipayColumns.Summary, OfStores);
        var stores = new AlipaySummary<AlipaySummaryColumn>(file, frame, header, AlipaySummaryColumn.Store);
        return OpenBill.OfLines(
            Channel.Alipay, BillKind.TradeSummary, file.FileName, $"alipay summary {header.Count}",
            stores.Rows(total => sums.Summary(frame.Scope, total)));
    }

    private static OpenBill OfFlow(BillText file, AlipayFrame frame, AlipayFlowSums sums)
    {
        var header = new BillHeader<AlipayFlowSummaryColumn>(
            frame.Headings, file, AlipayColumns.FlowSummary, Enum.GetValues<AlipayFlowSummaryColumn>());
        var types = new AlipaySummary<AlipayFlowSummaryColumn>(file, frame, header, AlipayFlowSummaryColumn.Type);
        return OpenBill.OfLines(
            Channel.Alipay, BillKind.FundFlowSummary, file.FileName, $"alipay account summary {header.Count}",
            types.Rows(total => sums.Summary(frame.Scope, file, total)));
    }
}
