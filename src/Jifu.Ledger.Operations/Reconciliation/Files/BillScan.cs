using System.Text;
using System.Text.Unicode;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;
using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A trade bill of WeChat Pay, layout ALL, read fast.</summary>
internal sealed partial class BillScan : FileScan
{
    private const int BatchRows = 512;
    private const int TotalDigitsMax = 13;

    private readonly BillScanColumns columns;
    private readonly RowHash hash;
    private readonly bool anyDay;
    private readonly (ulong Start, ushort End) day;
    private readonly byte[]? merchant;
    private readonly byte[] head, tail;

    private BillScan(
        SafeFileHandle file, byte[] head, byte[] tail, BillScanColumns columns, RowHash hash,
        FileReconciliationRequest request)
        : base(file, head.Length, RandomAccess.GetLength(file) - tail.Length)
    {
        (this.head, this.tail, this.columns, this.hash) = (head, tail, columns, hash);
        merchant = request.Merchant is { } number ? Encoding.UTF8.GetBytes(number) : null;
        anyDay = request.Day is null;
        if (request.Day is { } expected)
            day = ByteText.PackedDay(ref Encoding.ASCII.GetBytes($"{expected}")[0]);
    }

    protected override int FirstLine => 2;

    /// <summary>Null when only the careful reader can read it.</summary>
    public static BillScan? TryOpen(FileReconciliationRequest request, RowHash hash)
    {
        if (request.Channel is not (Channel.WeChatPay or Channel.Sandbox) || !BitConverter.IsLittleEndian)
            return null;
        var file = File.OpenHandle(request.BillPath, options: FileOptions.SequentialScan);
        var start = new byte[8_192];
        var end = new byte[Math.Min(ScanWork.RowBytesMax, RandomAccess.GetLength(file))];
        var head = start.AsSpan(0, RandomAccess.Read(file, start, 0));
        head = head[..(head.IndexOf((byte)'\n') + 1)];
        RandomAccess.Read(file, end, RandomAccess.GetLength(file) - end.Length);
        var tailStart = end.AsSpan().LastIndexOf("\n总交易单数"u8) + 1;
        if (BillScanColumns.TryRead(head) is { } columns && tailStart > 0
            && RandomAccess.GetLength(file) - end.Length + tailStart >= head.Length)
            return new(file, head.ToArray(), end[tailStart..], columns, hash, request);
        file.Dispose();
        return null;
    }

    /// <summary>True when the bill's own totals say what its rows sum up to.</summary>
    public bool TotalsAre(IReadOnlyCollection<ScanWork> works)
    {
        var lines = Encoding.UTF8.GetString(tail).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines.Count < 3 || lines[0] != BillScanColumns.TotalsLine || lines.Skip(2).Any(line => line.Length > 0)
            || lines[1] is not ['`', ..] || !Utf8.IsValid(tail))
            return false;
        var cells = lines[1][1..].Split(",`");
        // The careful reader refuses what is larger than any bill.
        if (works.Sum(work => work.Paid + work.Refunded + work.FeesEitherWay) > Money.LargestMinorUnits)
            return false;
        var fees = works.Sum(work => work.FeeHundredThousandths);
        return cells.Length == 7 && cells[0] == $"{works.Sum(work => work.Totals.Rows)}"
            && Is(cells[1], works.Sum(work => work.Settled)) && Is(cells[2], works.Sum(work => work.RefundedTotal))
            && Is(cells[3], works.Sum(work => work.CouponRefunded)) && IsFees(cells[4], fees)
            && Is(cells[5], works.Sum(work => work.Ordered)) && Is(cells[6], works.Sum(work => work.RequestedRefund));
    }

    /// <summary>The rows that have one of the keys, as the careful reader reads them.</summary>
    public IEnumerable<BillLine> Lines(RowPlaces places, KeyFilter keys)
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
            // Its totals are missing, so it must not be read to its end.
            foreach (var ((line, _), found) in batch.Zip(BillFile.Open(file, "", new()).SelectMany(bill => bill.Lines)))
            {
                if (keys.Has(hash.Of(found).Key))
                    yield return found with { LineNo = line };
            }
        }
    }

    private static bool Is(string cell, long fen) =>
        ByteText.TryRead(Encoding.UTF8.GetBytes(cell), 2, TotalDigitsMax, out var said) && said == fen;

    // The fees' sum may be rounded to fen.
    private static bool IsFees(string cell, long fees) =>
        ByteText.TryRead(Encoding.UTF8.GetBytes(cell), 5, TotalDigitsMax, out var said)
        && (said == fees || (said % 1_000 == 0 && Math.Abs(said - fees) <= 500));
}
