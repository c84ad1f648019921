using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>Opens a channel's bill, whichever it is: its content tells what it is, never its name.</summary>
public static class BillFile
{
    /// <summary>The documents of a bill file; an archive may hold several.</summary>
    /// <param name="fileName">What to call the file when something is wrong with it.</param>
    /// <remarks>Each document is read before the next is asked for, and all of them before anything is done with one:
    /// a file is good as a whole or not at all. The stream stays open.</remarks>
    /// <exception cref="BillRejectedException">While reading: the file may not be used.</exception>
    public static IEnumerable<OpenBill> Open(Stream file, string fileName, BillExpectation expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var bill = Recognised(file, fileName, expected);
        yield return bill;
        bill.Finish();
    }

    private static OpenBill Recognised(Stream file, string fileName, BillExpectation expected)
    {
        var rows = TradeBillReader.Rows(file, fileName, expected.Day, expected.Merchant);
        return OpenBill.OfLines(
            expected.Channel ?? Channel.WeChatPay, BillKind.Trade, fileName, "wechatpay",
            rows.Select(row => row.Row.ToBillLine(row.Line)));
    }
}
