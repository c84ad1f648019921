using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows of a bill file, whichever format and container, by the careful reader.</summary>
internal static class BillSource
{
    /// <exception cref="BillRejectedException">While reading: the file may not be used.</exception>
    public static IEnumerable<BillLine> Lines(FileReconciliationRequest request) => Rows(request, BillKind.Trade);

    /// <summary>What the channel says besides to have corrected, as differences; the bill was read whole before.
    /// </summary>
    public static IEnumerable<FileDifference> Corrections(FileReconciliationRequest request) =>
        request.Channel is not Channel.UnionPay ? [] : Comparison.Corrections(Rows(request, BillKind.Errors))
            .Select(one => new FileDifference(
                one.Class, one.Key, one.Line.Kind, one.Line.Number, one.Field, one.Theirs, one.Ours, 0,
                one.Line.LineNo, null, "", "", one.Line.At));

    private static IEnumerable<BillLine> Rows(FileReconciliationRequest request, BillKind kind)
    {
        using var file = File.OpenRead(request.BillPath);
        // The sandbox plays WeChat Pay, so its bills are WeChat Pay's.
        var channel = request.Channel is Channel.Sandbox ? Channel.WeChatPay : request.Channel;
        var name = Path.GetFileName(request.BillPath);
        var expected = new BillExpectation(channel, request.Day, request.Merchant);
        foreach (var bill in BillFile.Open(file, name, expected))
        {
            if (bill.Kind != kind)
                continue;
            foreach (var line in bill.Lines)
                yield return line;
        }
    }
}
