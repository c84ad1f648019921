using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The rows of a bill file, whichever format and container, by the careful reader.</summary>
internal static class BillSource
{
    /// <exception cref="BillRejectedException">While reading: the file may not be used.</exception>
    public static IEnumerable<BillLine> Lines(FileReconciliationRequest request) => Rows(request, BillKind.Trade);

    /// <summary>The same, and of which day's bill each row is.</summary>
    public static IEnumerable<(BillLine Line, BusinessDay Day)> LinesOfDays(FileReconciliationRequest request) =>
        Documents(request).Where(bill => bill.Kind is BillKind.Trade)
            .SelectMany(bill => bill.Lines.Select(line => (line, bill.DayOf(line))));

    /// <summary>Which kinds of trades the bill lists, those of its rows among them.</summary>
    public static BillCoverage Coverage(FileReconciliationRequest request)
    {
        try
        {
            var coverage = BillCoverage.None;
            foreach (var bill in Documents(request))
            {
                coverage |= bill.Coverage;
                // Most bills list all, and are not read any further for that.
                if (coverage is BillCoverage.All)
                    break;
                if (bill.Kind is BillKind.Trade)
                    coverage = coverage.With(bill.Lines);
            }

            return coverage is BillCoverage.None ? BillCoverage.All : coverage;
        }
        catch (BillRejectedException)
        {
            // Whoever reads it next will say why.
            return BillCoverage.All;
        }
    }

    /// <summary>What the channel says besides to have corrected, as differences; the bill was read whole before.
    /// </summary>
    public static IEnumerable<FileDifference> Corrections(FileReconciliationRequest request) =>
        request.Channel is not Channel.UnionPay ? [] : Comparison.Corrections(Rows(request, BillKind.Errors))
            .Select(one => new FileDifference(
                one.Class, one.Key, one.Line.Kind, one.Line.Number, one.Field, one.Theirs, one.Ours, 0,
                one.Line.LineNo, null, "", "", one.Line.At));

    private static IEnumerable<BillLine> Rows(FileReconciliationRequest request, BillKind kind) =>
        Documents(request).Where(bill => bill.Kind == kind).SelectMany(bill => bill.Lines);

    private static IEnumerable<OpenBill> Documents(FileReconciliationRequest request)
    {
        using var file = File.OpenRead(request.BillPath);
        // The sandbox plays WeChat Pay, so its bills are WeChat Pay's.
        var channel = request.Channel is Channel.Sandbox ? Channel.WeChatPay : request.Channel;
        var name = Path.GetFileName(request.BillPath);
        var expected = new BillExpectation(channel, request.Day, request.Merchant);
        foreach (var bill in BillFile.Open(file, name, expected))
            yield return bill;
    }
}
