using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows of a bill file, whichever format and container, by the careful reader.</summary>
internal static class BillSource
{
    /// <exception cref="BillRejectedException">While reading: the file may not be used.</exception>
    public static IEnumerable<BillLine> Lines(FileReconciliationRequest request)
    {
        using var file = File.OpenRead(request.BillPath);
        // The sandbox plays WeChat Pay, so its bills are WeChat Pay's.
        var channel = request.Channel is Channel.Sandbox ? Channel.WeChatPay : request.Channel;
        var name = Path.GetFileName(request.BillPath);
        var expected = new BillExpectation(channel, request.Day, request.Merchant);
        foreach (var bill in BillFile.Open(file, name, expected))
        {
            if (bill.Kind is not BillKind.Trade)
                continue;
            foreach (var line in bill.Lines)
                yield return line;
        }
    }
}
