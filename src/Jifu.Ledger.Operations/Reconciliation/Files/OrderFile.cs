using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Reads an order export by its mapping, one row at a time, and refuses what it does not understand.</summary>
public static class OrderFile
{
    // Exports begin with a title or two now and then.
    internal const int HeadingLinesMax = 30;

    /// <summary>The rows in the file's order. The stream, which can be read again, stays open.</summary>
    /// <exception cref="BillRejectedException">While reading: the file may not be used; says line and
    /// column.</exception>
    public static IEnumerable<OrderLine> Lines(Stream file, string fileName, OrderMapping mapping) =>
        Lines(file, fileName, mapping, null);

    internal static IEnumerable<OrderLine> Lines(FileReconciliationRequest request)
    {
        var refunds = request.Mapping.Refunded is null ? null : new RefundsByPayment(BillSource.Lines(request));
        using var file = File.OpenRead(request.OrdersPath);
        foreach (var line in Lines(file, Path.GetFileName(request.OrdersPath), request.Mapping, refunds))
            yield return line;
    }

    /// <summary>For the careful reader to say what is wrong with a row.</summary>
    internal static void ReadThrough(FileReconciliationRequest request)
    {
        foreach (var line in Lines(request))
            _ = line;
    }

    internal static Encoding EncodingOf(OrderMapping mapping) =>
        SeparatedText.Strict(IsUtf8(mapping));

    private static bool IsUtf8(OrderMapping mapping) => mapping.Encoding is not OrderEncoding.Gb18030;

    /// <param name="refunds">What rows that tell how much was refunded are held against; null for nothing.</param>
    private static IEnumerable<OrderLine> Lines(
        Stream file, string fileName, OrderMapping mapping, RefundsByPayment? refunds)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var from = file.Position;
        using var text = new StreamReader(file, EncodingOf(mapping), false, 65_536, leaveOpen: true);
        var rows = new DelimitedRows(text, fileName, mapping.Separator, () => BrokenText.In(
            file, from, fileName, IsUtf8(mapping)));
        var columns = Columns(rows, mapping);
        while (rows.Next())
        {
            var order = columns.Line(rows);
            yield return order;
            foreach (var refund in refunds?.Of(order, columns.RefundedMinor(rows)) ?? [])
                yield return refund;
        }
    }

    private static OrderColumns Columns(DelimitedRows rows, OrderMapping mapping)
    {
        BillRejectedException? first = null;
        for (var line = 0; line < HeadingLinesMax && rows.Next(); line++)
        {
            var headings = rows.Texts(OrderColumns.Trimmed);
            var columns = new OrderColumns(mapping, headings);
            if (columns.Missing is null)
                return columns;
            first ??= rows.Reject(
                BillRejection.BillHeaderUnknown, 1, $"the heading {columns.Missing}, once, as the mapping says");
        }

        throw first ?? rows.Reject(BillRejection.BillEmpty, 1, "a line of headings");
    }
}
