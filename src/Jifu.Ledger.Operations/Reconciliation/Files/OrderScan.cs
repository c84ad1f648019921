using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Reconciliation;
using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>An order export read fast.</summary>
internal sealed partial class OrderScan : FileScan
{
    private const int HeadBytesMax = 16_384;

    private readonly FileReconciliationRequest request;
    private readonly OrderColumns columns;
    private readonly RowHash hash;
    private readonly WordList kinds, statuses, currencies;
    private readonly MarkedBytes marks;
    private readonly byte[]? expectedMerchant;
    private readonly BillCoverage coverage;
    private readonly int headLines;
    private readonly long bodyEnd;
    private readonly Encoding encoding;
    private readonly bool isUtf8, isYuan, negativeRefunds, turnsFees, knowsStatuses;

    private OrderScan(
        SafeFileHandle file, int headLength, int headLines, OrderColumns columns, RowHash hash,
        FileReconciliationRequest request)
        : base(file, headLength, RandomAccess.GetLength(file))
    {
        (this.headLines, this.columns, this.hash) = (headLines, columns, hash);
        (this.request, bodyEnd) = (request, RandomAccess.GetLength(file));
        var mapping = request.Mapping;
        expectedMerchant = request.Merchant is { } number ? Encoding.UTF8.GetBytes(number) : null;
        (coverage, encoding) = (request.Coverage, OrderFile.EncodingOf(mapping));
        isUtf8 = mapping.Encoding is OrderEncoding.Utf8;
        marks = new((byte)mapping.Separator, 0, isUtf8);
        (isYuan, negativeRefunds) = (mapping.Unit is AmountUnit.Yuan, mapping.NegativeRefunds);
        turnsFees = mapping.NegativeFees || mapping.PositiveRefundFees;
        kinds = new WordList(encoding).With(mapping.PaymentWords, (int)BillLineKind.Payment)
            .With(mapping.RefundWords, (int)BillLineKind.Refund).With(mapping.RevokeWords, (int)BillLineKind.Revoke);
        statuses = new WordList(encoding).With(mapping.SuccessWords, Done).With(mapping.NotDoneWords ?? [], NotDone);
        currencies = new WordList(encoding).With(OtherCurrency.Yuan, Done);
        knowsStatuses = mapping.NotDoneWords is not null;
    }

    protected override int FirstLine => headLines + 1;

    /// <summary>Null when only the careful reader can read it.</summary>
    public static OrderScan? TryOpen(FileReconciliationRequest request, RowHash hash)
    {
        // What a row tells beside itself is for the careful reader. What could be the second byte of a character in
        // GB 18030 does not divide cells for sure.
        var separator = request.Mapping.Separator;
        if (!BitConverter.IsLittleEndian || request.Mapping.Refunded is not null || separator is '"' or '\n' or '\r'
            || !(request.Mapping.Encoding is OrderEncoding.Utf8
                ? char.IsAscii(separator)
                : separator < '@' && !char.IsAsciiDigit(separator)))
            return null;
        var file = File.OpenHandle(request.OrdersPath, options: FileOptions.SequentialScan);
        var head = new byte[HeadBytesMax];
        head = head[..RandomAccess.Read(file, head, 0)];
        if (TryReadHead(head, request.Mapping) is var (columns, lines, length))
            return new(file, length, lines, columns, hash, request);
        file.Dispose();
        return null;
    }

    private static (OrderColumns Columns, int Lines, int Length)? TryReadHead(byte[] head, OrderMapping mapping)
    {
        var length = 0;
        for (var lines = 1; lines <= OrderFile.HeadingLinesMax; lines++)
        {
            var end = head.AsSpan(length).IndexOf((byte)'\n');
            if (end < 0)
                return null;
            if (Cells(head.AsSpan(length, end + 1), mapping) is not { } cells)
                return null;
            length += end + 1;
            var columns = new OrderColumns(mapping, cells);
            if (columns.Missing is null)
                return (columns, lines, length);
        }

        return null;
    }

    // As the careful reader reads them; null for what only it can read.
    private static List<string>? Cells(ReadOnlySpan<byte> line, OrderMapping mapping)
    {
        try
        {
            using var text = new StringReader(OrderFile.EncodingOf(mapping).GetString(line));
            var rows = new DelimitedRows(text, "", mapping.Separator);
            return rows.Next() ? rows.Texts(OrderColumns.Trimmed) : [];
        }
        catch (Exception cannot) when (cannot is BillRejectedException or DecoderFallbackException)
        {
            return null;
        }
    }
}
