using System.Text;
using Jifu.Ledger.Reconciliation;
using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>An order export read fast: UTF-8, no quotes.</summary>
internal sealed partial class OrderScan : FileScan
{
    private const int BatchRows = 512;
    private const int HeadBytesMax = 16_384;

    private readonly OrderMapping mapping;
    private readonly OrderColumns columns;
    private readonly RowHash hash;
    private readonly WordList kinds, successes;
    private readonly MarkedBytes marks;
    private readonly BusinessDay? day;
    private readonly byte[] head;
    private readonly int headLines;
    private readonly long bodyEnd;

    private OrderScan(
        SafeFileHandle file, byte[] head, int headLines, OrderColumns columns, RowHash hash,
        FileReconciliationRequest request)
        : base(file, head.Length, RandomAccess.GetLength(file))
    {
        (this.head, this.headLines, this.columns, this.hash) = (head, headLines, columns, hash);
        (mapping, day, bodyEnd) = (request.Mapping, request.Day, RandomAccess.GetLength(file));
        marks = new((byte)mapping.Separator, 0, (byte)'"');
        kinds = new([
            .. mapping.PaymentWords.Select(word => (word, (int)BillLineKind.Payment)),
            .. mapping.RefundWords.Select(word => (word, (int)BillLineKind.Refund)),
            .. mapping.RevokeWords.Select(word => (word, (int)BillLineKind.Revoke)),
        ]);
        successes = new([.. mapping.SuccessWords.Select(word => (word, 1))]);
    }

    protected override int FirstLine => headLines + 1;

    /// <summary>Null when only the careful reader can read it.</summary>
    public static OrderScan? TryOpen(FileReconciliationRequest request, RowHash hash)
    {
        if (request.Mapping.Encoding is not OrderEncoding.Utf8 || !BitConverter.IsLittleEndian
            || !char.IsAscii(request.Mapping.Separator) || request.Mapping.Separator is '"' or '\n' or '\r')
            return null;
        var file = File.OpenHandle(request.OrdersPath, options: FileOptions.SequentialScan);
        var head = new byte[HeadBytesMax];
        head = head[..RandomAccess.Read(file, head, 0)];
        if (TryReadHead(head, request.Mapping) is var (columns, lines, length))
            return new(file, head[..length], lines, columns, hash, request);
        file.Dispose();
        return null;
    }

    /// <summary>The rows that have one of the keys, as the careful reader reads them.</summary>
    public IEnumerable<OrderLine> Lines(RowPlaces places, KeyFilter keys)
    {
        foreach (var batch in Find(places, keys).Chunk(BatchRows))
        {
            using var file = new MemoryStream();
            file.Write(head);
            foreach (var (_, row) in batch)
            {
                file.Write(row);
                file.WriteByte((byte)'\n');
            }

            file.Position = 0;
            foreach (var ((line, _), found) in batch.Zip(OrderFile.Lines(file, "", mapping)))
            {
                if (keys.Has(hash.Of(found).Key))
                    yield return found with { LineNo = line };
            }
        }
    }

    private static (OrderColumns Columns, int Lines, int Length)? TryReadHead(byte[] head, OrderMapping mapping)
    {
        var length = 0;
        for (var lines = 1; lines <= OrderFile.HeadingLinesMax; lines++)
        {
            var end = head.AsSpan(length).IndexOf((byte)'\n');
            if (end < 0)
                return null;
            var line = Encoding.UTF8.GetString(head, length, end).TrimStart('\uFEFF').TrimEnd('\r');
            length += end + 1;
            var columns = new OrderColumns(
                mapping, [.. line.Split(mapping.Separator).Select(OrderColumns.Trimmed)]);
            if (line.Contains('"', StringComparison.Ordinal))
                return null;
            if (columns.Missing is null)
                return (columns, lines, length);
        }

        return null;
    }
}
